import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { answering, openPort, runCall, speaking } from '../../test/call-upstream.ts';

test('an answer that is not streamed may take its time: only the deadline counts until its status line', async (t) => {
  const base = await answering(t, (_request, response) => setTimeout(() => response.end('slow'), 400));
  const { text, ended } = await runCall(openPort(t, base, { silenceMs: 100 }));
  assert.deepEqual([text, ended], ['slow', true]);
});

test('a deadline that passes before a connection is free is `unreachable`: nothing was sent, nothing is billed', async (t) => {
  let asked = 0;
  const base = await speaking(t, () => {
    asked++;
  });
  const port = openPort(t, base, { connections: 1 });
  const first = runCall(port, { deadlineMs: 600 });
  const second = await runCall(port, { deadlineMs: 200 });
  assert.deepEqual([second.failure?.kind, second.start], ['unreachable', null]);
  assert.equal((await first).failure?.kind, 'timeout');
  assert.equal(asked, 1);
});

test('an answer in another coding than the one asked for is `garbage`', async (t) => {
  const base = await answering(t, (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{}')),
  );
  const { failure, start } = await runCall(openPort(t, base));
  assert.deepEqual([failure?.kind, start], ['garbage', null]);
});

test('a call that is paused before its answer begins gets nothing until it goes on, and then everything', async (t) => {
  const base = await answering(t, (_request, response) => response.end('whole'));
  let wasSilent = true;
  let goesOn = false;
  const { text, ended } = await runCall(openPort(t, base), {
    onCall(call) {
      call.pause();
      setTimeout(() => {
        goesOn = true;
        call.resume();
      }, 200);
    },
    onText() {
      wasSilent &&= goesOn;
    },
  });
  assert.deepEqual([text, ended, wasSilent], ['whole', true, true]);
});
