/** Clients that leave at each place where the path waits: nothing stays of them, whatever they had of the process by then. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type OpenPath, openPath, type TestBackend } from './open-path.ts';
import { type Answering, startUpstream } from './recording-upstream.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A body of more than comes together with its head, so that it has a place in the room for bodies. */
const LARGE = 'x'.repeat(200_000);

function requestOf(stream: boolean, { key = 'right', content = LARGE } = {}): string {
  const messages = [{ role: 'user', content }];
  const body = JSON.stringify({ model: 'auto', max_tokens: 8, messages, stream });
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n`;
  return `${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Tere' }, finish_reason: null }] })}\n\n`;

/** Stands still at a place until it is let go, and says when somebody has come there. */
class Gate {
  readonly reached = Promise.withResolvers<void>();
  readonly opened = Promise.withResolvers<void>();

  readonly pass = (): Promise<void> => {
    this.reached.resolve();
    return this.opened.promise;
  };
}

interface Scene {
  readonly path: OpenPath;
  readonly gate: Gate;
  readonly stream: boolean;
}

interface Place {
  readonly at: string;
  /** How each backend answers; none: it answers well. */
  readonly answers?: (scene: Pick<Scene, 'gate' | 'stream'>) => readonly Answering[];
  readonly more?: string;
  /** Before the request is sent. Gives what is to be sent of it. */
  readonly prepare?: (scene: Scene) => string | Promise<string>;
}

const begin = (response: ServerResponse, stream: boolean, status = 200) => {
  response.writeHead(status, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
  response.write(stream ? piece : '{"choices":');
};
const fail: Answering = (_request, response) => void response.writeHead(500).end();

const places: readonly Place[] = [
  {
    at: 'the look-up of its key',
    prepare: ({ path, gate, stream }) => {
      path.waits.lookUp = gate.pass;
      return requestOf(stream, { key: path.newKey });
    },
  },
  {
    at: 'the look-up of its key, before its small body was whole',
    prepare: ({ path, gate, stream }) => {
      path.waits.lookUp = gate.pass;
      return requestOf(stream, { key: path.newKey, content: 'Tere' }).slice(0, -10);
    },
  },
  {
    at: 'its own body',
    prepare: ({ gate, stream }) => {
      setTimeout(gate.reached.resolve, 100);
      return requestOf(stream).slice(0, -50_000);
    },
  },
  {
    at: 'the reservation of what it may cost',
    prepare: ({ path, gate, stream }) => {
      path.waits.reserve = gate.pass;
      return requestOf(stream);
    },
  },
  {
    at: 'a place at one of several backends that are full',
    more: 'concurrent: 1',
    answers: () => [() => {}, () => {}],
    prepare: async ({ path, gate, stream }) => {
      const others = [await send(path, requestOf(false)), await send(path, requestOf(true))];
      await eventually(() => path.kept().flows === 2);
      const wait = setInterval(() => {
        if (path.kept().places < 4) return;
        clearInterval(wait);
        gate.reached.resolve();
      }, 10);
      void gate.opened.promise.then(() => others.map((other) => other.destroy()));
      return requestOf(stream);
    },
  },
  {
    at: 'its intent',
    prepare: ({ path, gate, stream }) => {
      path.recorder.beforeIntent = gate.pass;
      return requestOf(stream);
    },
  },
  { at: 'the first byte of a backend', answers: ({ gate }) => [() => gate.reached.resolve()] },
  {
    at: 'the end of an error of a backend',
    answers: ({ gate }) => [
      (_request, response) => {
        begin(response, false, 400);
        setTimeout(gate.reached.resolve, 50);
      },
    ],
  },
  {
    at: 'the rest of an answer',
    answers: ({ gate, stream }) => [
      (_request, response) => {
        begin(response, stream);
        setTimeout(gate.reached.resolve, 50);
      },
    ],
  },
  {
    at: 'its outcome',
    prepare: ({ path, gate, stream }) => {
      path.recorder.beforeOutcome = async () => {
        await gate.pass();
        return 'recorded';
      };
      return requestOf(stream);
    },
  },
  {
    at: 'the outcome of a first try, behind which it would go to another backend',
    answers: () => [fail],
    prepare: ({ path, gate, stream }) => {
      path.recorder.beforeOutcome = async () => {
        await gate.pass();
        return 'recorded';
      };
      return requestOf(stream);
    },
  },
  {
    at: 'a second try of the only backend',
    answers: () => [fail],
    prepare: ({ path, gate, stream }) => {
      path.recorder.beforeOutcome = async () => {
        setTimeout(gate.reached.resolve, 10);
        return 'recorded';
      };
      return requestOf(stream);
    },
  },
  {
    at: 'the intent of a further try',
    answers: () => [fail, fail],
    prepare: ({ path, gate, stream }) => {
      let tries = 0;
      path.recorder.beforeIntent = async () => {
        if (++tries === 2) await gate.pass();
      };
      return requestOf(stream);
    },
  },
  { at: 'the first byte of a further try', answers: ({ gate }) => [fail, () => gate.reached.resolve()] },
];

async function send(path: OpenPath, bytes: string): Promise<Socket> {
  const socket = connect(Number(new URL(path.url).port), '127.0.0.1');
  socket.on('error', () => {}).resume();
  await new Promise<void>((sent) => socket.write(bytes, () => sent()));
  return socket;
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 200, 'it does not hold after four seconds');
    await delay(20);
  }
}

const nothing = { requests: 0, flows: 0, places: 0, reservations: 0, bodies: 0, intents: 0 };

async function expectNothing(path: OpenPath): Promise<void> {
  await eventually(() => Object.values(path.kept()).every((count) => count === 0)).catch(() =>
    assert.deepEqual(path.kept(), nothing),
  );
}

async function openScene({ answers, more = '' }: Place, stream: boolean): Promise<Scene> {
  const gate = new Gate();
  const backends: TestBackend[] = [];
  for (const answer of answers?.({ gate, stream }) ?? [undefined]) {
    const upstream = await startUpstream(answer);
    open.push(upstream);
    backends.push({ url: upstream.url, more });
  }
  const path = await openPath(backends);
  open.push(path);
  return { path, gate, stream };
}

for (const place of places)
  for (const stream of [false, true])
    test(`nothing stays of a client that leaves while it waits for ${place.at}${stream ? ', streamed' : ''}`, async () => {
      const scene = await openScene(place, stream);
      const { path, gate } = scene;
      const bytes = (await place.prepare?.(scene)) ?? requestOf(stream);
      const before = path.events.length;
      const socket = await send(path, bytes);
      await gate.reached.promise;
      socket.destroy();
      // As long as the gateway takes to hear of it.
      await delay(50);
      gate.opened.resolve();
      await expectNothing(path);
      assert.ok(path.events.length > before, 'it has a line in the log');
      assert.equal(
        new Set(path.recorder.outcomes.map(({ receiptId }) => receiptId)).size,
        path.recorder.outcomes.length,
      );
    });

for (const content of ['Tere', LARGE])
  test(`nothing stays of requests of ${content.length} bytes that wait behind another one on the connection of a client that leaves`, async () => {
    const { path, gate } = await openScene({ at: '', answers: (scene) => [() => scene.gate.reached.resolve()] }, true);
    const asked = [true, true, false].map((stream) => requestOf(stream, { content }));
    const socket = await send(path, asked.join(''));
    await gate.reached.promise;
    await delay(200);
    socket.destroy();
    await expectNothing(path);
    assert.equal(path.events.length, asked.length, 'each has a line in the log');
  });
