import assert from 'node:assert/strict';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseCharter, readCharterFolder } from '../charter/index.ts';
import type { Charter } from '../charter/schema.ts';
import { Problem } from '../kit/index.ts';
import { createKey, type KeyWish } from './create-key.ts';
import type { KeyStore, NewKey } from './ports.ts';

const folder = fileURLToPath(new URL('../../charters/estonia', import.meta.url));

function readEstonia(): Charter {
  const parsed = parseCharter(readCharterFolder(folder));
  assert.equal(parsed.kind, 'valid');
  return (parsed as { charter: Charter }).charter;
}

const charter = readEstonia();

function memoryStore(): KeyStore & { readonly kept: NewKey[] } {
  const kept: NewKey[] = [];
  return {
    kept,
    insert: async (key) => void kept.push(key),
    list: async () => kept,
    revoke: async () => null,
  };
}

async function create(wish: KeyWish) {
  const store = memoryStore();
  return { store, created: await createKey(wish, { store, charter, nowMs: 1_000 }) };
}

test('only the hash of the secret is kept, and no part of the secret is in the id', async () => {
  const { store, created } = await create({ tenant: 'agency', purposes: ['drafting', 'drafting'], name: 'chat' });
  assert.deepEqual(created.key.purposes, ['drafting']);
  assert.match(created.key.id, /^key_[0-9a-f]{12}$/);
  assert.match(store.kept[0]?.secretHash ?? '', /^[0-9a-f]{64}$/);
  assert.ok(!JSON.stringify(store.kept).includes(created.secret.slice(3, 20)));
});

const refused: readonly [title: string, wish: KeyWish, param: string, detail: RegExp][] = [
  ['an unknown tenant', { tenant: 'agencie', purposes: ['drafting'] }, 'tenant', /did you mean `agency`\?/],
  ['an unknown purpose', { tenant: 'agency', purposes: ['draftin'] }, 'purposes', /did you mean `drafting`\?/],
  [
    'a purpose of others',
    { tenant: 'school', purposes: ['casework'] },
    'purposes',
    /it has `education`, `public-information`/,
  ],
  ['no purpose', { tenant: 'agency', purposes: [] }, 'purposes', /`purposes` is not valid/],
  [
    'an unknown level',
    { tenant: 'agency', purposes: ['drafting'], defaultLevel: 'publik' },
    'defaultLevel',
    /did you mean `public`\?/,
  ],
  [
    'a level above the tenant',
    { tenant: 'school', purposes: ['education'], defaultLevel: 'internal' },
    'defaultLevel',
    /up to `public`/,
  ],
  [
    'an end in the past',
    { tenant: 'agency', purposes: ['drafting'], expiresAtMs: 999 },
    'expiresAtMs',
    /expired already/,
  ],
  [
    'a negative limit',
    { tenant: 'agency', purposes: ['drafting'], limits: { concurrent: -1 } },
    'limits.concurrent',
    /not valid/,
  ],
];

for (const [title, wish, param, detail] of refused) {
  test(`a key for ${title} is refused, and the message says what to do`, async () => {
    await assert.rejects(create(wish), (error) => {
      assert.ok(error instanceof Problem);
      assert.equal(error.code, 'invalid-request');
      assert.equal(error.extras.param, param);
      assert.match(error.detail, detail);
      return true;
    });
  });
}
