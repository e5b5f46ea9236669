/** `./polity restart` under constant load: every gateway is replaced, and no client notices, with one gateway or with several. */
import assert from 'node:assert/strict';
import { Agent, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { askChat, type ChatAnswer } from '../chat-client.ts';
import { type RecordedRequest, startUpstream } from '../recording-upstream.ts';
import { gatewaysOf, runCli } from '../run-cli.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';

const frame = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;

/** Streams take a second or eight, so that some run through the whole life of what replaces their gateway. */
async function trickle(response: ServerResponse, seconds: number): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let piece = 0; piece < 10; piece++) {
    response.write(frame('tere '));
    await delay(seconds * 100);
  }
  response.end(`${frame('', 'stop')}data: [DONE]\n\n`);
}

function answer({ body }: RecordedRequest, response: ServerResponse): void {
  if ((JSON.parse(body) as { stream?: boolean }).stream) {
    void trickle(response, body.includes('aeglaselt') ? 8 : 1);
    return;
  }
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Tere' }, finish_reason: 'stop' }];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ choices, usage: { prompt_tokens: 1, completion_tokens: 1 } }));
}

interface Load {
  readonly failed: ChatAnswer[];
  whole(): number;
  stop(): Promise<void>;
}

/** Clients that keep their connections, with pauses of all lengths, and some that open one for each request. */
function startLoad(polity: RunningPolity): Load {
  const failed: ChatAnswer[] = [];
  let whole = 0;
  let isOver = false;
  const client = async (place: number) => {
    const agent = place % 4 === 3 ? undefined : new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = 0; !isOver; turn++) {
      const stream = place >= 6;
      const text = place === 7 ? 'räägi aeglaselt' : 'Tere';
      const said = await askChat({ ...polity, stream, text, ...(agent === undefined ? {} : { agent }) });
      if (said.status === 200 && said.isWhole) whole += 1;
      else failed.push(said);
      await delay((turn * 7) % (10 * (place + 1)));
    }
    agent?.destroy();
  };
  const clients = Array.from({ length: 10 }, (_, place) => client(place));
  return {
    failed,
    whole: () => whole,
    async stop() {
      isOver = true;
      await Promise.all(clients);
    },
  };
}

for (const workers of [1, 3]) {
  test(`a restart of ${workers} under load drops no request and cuts no stream`, { timeout: 240_000 }, async (t) => {
    const upstream = await startUpstream(answer);
    const charter = await charterVariant(servedBy(upstream.url));
    const polity = await startPolity({ charter, words: ['--workers', String(workers)] });
    try {
      const before = (await gatewaysOf(polity)).map(({ pid }) => pid);
      assert.equal(before.length, workers);
      const load = startLoad(polity);
      await delay(1_000);
      const { code, out, err } = await runCli(polity, 'restart', '--json');
      assert.equal(code, 0, err);
      assert.deepEqual(JSON.parse(out), { restarted: workers });
      await delay(1_000);
      await load.stop();
      t.diagnostic(`${load.whole()} answers, ${load.failed.length} failed`);
      assert.deepEqual(load.failed, []);
      const after = await gatewaysOf(polity);
      assert.deepEqual(
        after.map(({ state }) => state),
        Array(workers).fill('serving'),
      );
      assert.ok(
        after.every(({ pid }) => !before.includes(pid)),
        'every one is new',
      );
      assert.doesNotMatch(polity.errors(), /^polity: /m);
    } finally {
      await polity.dispose();
      await upstream.close();
    }
  });
}
