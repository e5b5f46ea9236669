import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Client } from 'undici';
import { parse } from 'yaml';
import { readText, root } from '../../test/read-tree.ts';
import { findStarterModel } from '../../test/starter-model.ts';
import { Model } from '../charter/schema.ts';
import type { ProcessConfig } from './config.ts';

interface Told {
  readonly type: string;
  readonly detail?: string;
  readonly verified?: { readonly sha256: string };
}

interface Started {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly told: Told[];
  /** Resolves with the first message of that type, also when it came before. */
  tells(type: string): Promise<Told>;
  post(body: object): Promise<{ status: number; body: { error?: { message: string; code: string } } }>;
}

/** A model process as the supervisor starts it, with a model whose only source is not there. */
async function start(t: TestContext, override: string | null = null): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'polity-model-'));
  mkdirSync(join(folder, 'models'));
  const [first] = parse(await readText('charters/estonia/models.yaml')) as [object];
  const config: Partial<ProcessConfig> = {
    role: 'model',
    modelSocket: join(folder, 's'),
    modelsDir: join(folder, 'models'),
    modelOverride: override,
    model: Model.parse({ ...first, context: 512, sources: [{ kind: 'file', path: join(folder, 'gone.gguf') }] }),
    threads: availableParallelism(),
  };
  const child = fork(join(root, 'src/main.ts'), ['model'], {
    env: { ...process.env, POLITY_PROCESS_CONFIG: JSON.stringify(config) },
    execArgv: [],
  });
  const told: Told[] = [];
  const waiting = new Set<() => void>();
  child.on('message', (message: Told) => {
    told.push(message);
    for (const wake of waiting) wake();
  });
  const client = new Client('http://model', { connect: { socketPath: join(folder, 's') } });
  t.after(async () => {
    await client.destroy();
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  return {
    child,
    folder,
    told,
    tells: (type) =>
      new Promise((resolve) => {
        const look = () => {
          const found = told.find((message) => message.type === type);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async post(body) {
      const answer = await client.request({ method: 'POST', path: '/v1/chat/completions', body: JSON.stringify(body) });
      return {
        status: answer.statusCode,
        body: (await answer.body.json()) as { error?: { message: string; code: string } },
      };
    },
  };
}

const question = { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 2 };

test('without its file the process is up and says how to mend it; a file put there is noticed without a restart', {
  timeout: 120_000,
}, async (t) => {
  const starter = await findStarterModel();
  const { child, folder, told, tells, post } = await start(t);
  await tells('ready');
  const { detail } = await tells('model-absent');
  assert.match(detail ?? '', /there is no file .*gone\.gguf.*\.\/polity models pull smollm2-135m-instruct/);
  const refused = await post(question);
  assert.deepEqual([refused.status, refused.body.error?.message], [503, detail]);
  symlinkSync(starter, join(folder, 'models', 'smollm2-135m-instruct.gguf'));
  await tells('model-ready');
  assert.equal(told.find(({ verified }) => verified)?.verified?.sha256.slice(0, 12), 'b179c9523d0e');
  assert.equal((await post(question)).status, 200);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  assert.equal(await ended, 0, 'a process that lost its supervisor ends');
});

test('POLITY_MODEL with another digest is refused by name', { timeout: 60_000 }, async (t) => {
  const { tells, post } = await start(t, join(root, 'package.json'));
  const { detail } = await tells('model-absent');
  assert.match(detail ?? '', /POLITY_MODEL.*has the digest [0-9a-f]{12}…, and the charter pins b179c9523d0e/);
  const refused = await post(question);
  assert.deepEqual([refused.status, refused.body.error?.code], [503, 'model-unavailable']);
});
