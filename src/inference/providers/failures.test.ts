import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { answerAs, chatBody, openProviderPort, openWire, runChat, streamed } from '../../../test/call-provider.ts';
import { answering, listen, speaking } from '../../../test/call-upstream.ts';
import { allWires } from '../../../test/provider-wire/all-wires.ts';
import { anthropicWire } from '../../../test/provider-wire/anthropic.ts';
import { bedrockWire } from '../../../test/provider-wire/bedrock.ts';
import { sse } from '../../../test/provider-wire/wire.ts';

const statuses = [400, 401, 403, 429, 500, 503, 529];

for (const wire of allWires) {
  const { dialect } = wire;
  const chat = chatBody(wire);

  test(`${dialect}: an error keeps its status, its code and the time to wait`, async (t) => {
    const waits = { 'retry-after': '7', ...wire.error.headers };
    let status = 0;
    const { port } = await openWire(t, wire, (response) =>
      response.writeHead(status, { 'content-type': 'application/json', ...waits }).end(JSON.stringify(wire.error.body)),
    );
    for (status of statuses) {
      for (const body of [chat, { ...chat, ...streamed }]) {
        const { start, json, ended } = await runChat(port, body);
        assert.deepEqual(start, { status, contentType: 'application/json', retryAfterMs: 7_000 });
        const { message, code, type, param } = json.error;
        assert.deepEqual([message, code, typeof type, param, ended], ['because', wire.errorCode, 'string', null, true]);
      }
    }
  });

  test(`${dialect}: an error without a body that can be read is still that status`, async (t) => {
    const { port } = await openWire(t, wire, (response) => response.writeHead(502).end('<html>'));
    const { start, json } = await runChat(port, chat);
    assert.deepEqual([start?.status, json.error.type], [502, 'server_error']);
  });

  test(`${dialect}: a stream that ends or breaks anywhere before its end is cut, never finished`, async (t) => {
    const frames = wire.stream.text;
    let upTo = 0;
    let isClean = true;
    const { port } = await openWire(t, wire, (response) => {
      response.writeHead(200, { 'content-type': wire.mediaType });
      for (const frame of frames.slice(0, upTo)) response.write(frame);
      if (isClean) response.end();
      else setTimeout(() => response.destroy(), 20);
    });
    for (upTo = 0; upTo < frames.length; upTo++) {
      for (isClean of [true, false]) {
        const { failure, isDone, chunks } = await runChat(port, { ...chat, ...streamed });
        assert.deepEqual([failure?.kind, isDone], ['cut', false], `${upTo} ${isClean}`);
        assert.ok(chunks.every(({ choices }) => choices[0]?.finish_reason === null));
      }
    }
  });

  test(`${dialect}: an error inside a stream becomes an error frame without an end`, async (t) => {
    const { port } = await openWire(t, wire, (response) => {
      response.writeHead(200, { 'content-type': wire.mediaType });
      for (const frame of wire.broken ?? []) response.write(frame);
      response.end();
    });
    const { chunks, ended, failure, isDone } = await runChat(port, { ...chat, ...streamed });
    assert.deepEqual([ended, failure, isDone], [true, null, false]);
    assert.equal(chunks.map(({ choices }) => choices?.[0]?.delta.content ?? '').join(''), 'Tere, ');
    assert.equal(typeof chunks.at(-1).error.code, 'string');
    assert.ok(chunks.every(({ choices }) => choices === undefined || choices[0].finish_reason === null));
  });

  test(`${dialect}: a redirect is garbage and nobody asks its target; so is what is no answer`, async (t) => {
    let asked = 0;
    const target = await answering(t, (_request, response) => {
      asked++;
      response.end();
    });
    const { port } = await openWire(t, wire, (response) => response.writeHead(307, { location: target }).end());
    for (const body of [chat, { ...chat, ...streamed }]) {
      const { start, failure } = await runChat(port, body);
      assert.deepEqual([start, failure?.kind, asked], [null, 'garbage', 0]);
    }
    const other = await openWire(t, wire, (response) => response.writeHead(200).end('<html></html>'));
    assert.equal((await runChat(other.port, chat)).failure?.kind, 'garbage');
  });

  test(`${dialect}: an abort frees the provider, before the answer and in it`, async (t) => {
    let closed = () => {};
    let isSilent = true;
    const { port } = await openWire(t, wire, (response) => {
      response.on('close', () => closed());
      if (isSilent) return;
      response.writeHead(200, { 'content-type': wire.mediaType });
      for (const frame of wire.stream.text.slice(0, -1)) response.write(frame);
    });
    for (isSilent of [true, false]) {
      const sawClose = new Promise<void>((resolve) => {
        closed = resolve;
      });
      const never = () => assert.fail('an event after the abort');
      const call = port.call(
        { path: '/chat/completions', body: Buffer.from(JSON.stringify({ ...chat, ...streamed })), deadlineMs: 20_000 },
        { onStart() {}, onData: () => call.abort(), onEnd: never, onFailure: never },
      );
      if (isSilent) setTimeout(() => call.abort(), 100);
      await sawClose;
    }
  });

  test(`${dialect}: nobody listening is unreachable, silence is a timeout, a private name is refused`, async (t) => {
    const server = createServer();
    const gone = await listen(t, server);
    await new Promise((resolve) => server.close(resolve));
    assert.equal((await runChat(openProviderPort(t, { dialect, baseUrl: gone }), chat)).failure?.kind, 'unreachable');
    const silent = await speaking(t, () => {});
    const port = openProviderPort(t, { dialect, baseUrl: silent });
    assert.equal((await runChat(port, chat, { deadlineMs: 150 })).failure?.kind, 'timeout');
    const named = { dialect, baseUrl: silent.replace('127.0.0.1', 'localhost'), allowPrivateAddress: false };
    assert.equal((await runChat(openProviderPort(t, named), chat)).failure?.kind, 'unreachable');
  });

  test(`${dialect}: a paused call is told nothing until it goes on, and then everything`, async (t) => {
    const { port } = await openWire(t, wire, answerAs(wire, 'text'));
    let isPaused = true;
    const { isDone } = await runChat(
      port,
      { ...chat, ...streamed },
      {
        onCall(call) {
          call.pause();
          setTimeout(() => {
            isPaused = false;
            call.resume();
          }, 150);
        },
        onText: () => assert.equal(isPaused, false),
      },
    );
    assert.ok(isDone);
  });
}

test('anthropic: an error before the first word is still a status', async (t) => {
  const { port } = await openWire(t, anthropicWire, (response) => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(Buffer.concat([anthropicWire.stream.text[0] as Buffer, sse({ type: 'error', error }, 'error')]));
  });
  const { start, json, ended } = await runChat(port, chatBody(anthropicWire, streamed));
  assert.deepEqual([start?.status, json.error.type, ended], [529, 'overloaded_error', true]);
});

test('bedrock: a frame with a wrong checksum is garbage', async (t) => {
  const { port } = await openWire(t, bedrockWire, (response) => {
    const bytes = Buffer.concat(bedrockWire.stream.text);
    bytes[bytes.length - 20] = (bytes.at(-20) ?? 0) ^ 1;
    response.writeHead(200, { 'content-type': bedrockWire.mediaType }).end(bytes);
  });
  const { failure, isDone } = await runChat(port, chatBody(bedrockWire, streamed));
  assert.deepEqual([failure?.kind, isDone], ['garbage', false]);
});

test('the deadline ends a call also while it is paused', async (t) => {
  const { port } = await openWire(t, anthropicWire, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const frame of anthropicWire.stream.text.slice(0, -1)) response.write(frame);
  });
  const { failure, text } = await runChat(port, chatBody(anthropicWire, streamed), {
    deadlineMs: 200,
    onCall: (call) => call.pause(),
  });
  assert.deepEqual([failure?.kind, text], ['timeout', '']);
});
