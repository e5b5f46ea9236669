import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openLocal } from './open-local.ts';
import { openWhenReady } from './open-when-ready.ts';
import type { ModelFailure } from './ports.ts';
import { resolveSecret } from './resolve-secret.ts';

const call = { path: '/chat/completions', body: new Uint8Array(), deadlineMs: 1_000 };

test('a backend without its key is held with the reason, fails before anything is sent, and serves once the key is there', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'polity-key-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'key');
  const port = openWhenReady(() => {
    resolveSecret(`file:${file}`);
    return openLocal(async () => Buffer.from('{}'));
  });
  assert.match(port.obstacle() ?? '', /key`, which a backend's key refers to, cannot be read/);
  const ask = () =>
    new Promise<ModelFailure | 'answered'>((resolve) => {
      port.call(call, {
        onStart: () => {},
        onData: () => {},
        onEnd: () => resolve('answered'),
        onFailure: resolve,
      });
    });
  assert.equal(((await ask()) as ModelFailure).kind, 'unreachable');
  writeFileSync(file, 'sk-1');
  assert.equal(await ask(), 'answered');
  assert.equal(port.obstacle(), null);
  await port.close();
});
