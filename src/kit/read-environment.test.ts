import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { Problem } from './problem.ts';
import { readEnvironment } from './read-environment.ts';
import { runFolder } from './run-folder.ts';

const root = resolve(import.meta.dirname, '../..');

test('without variables everything is beside the program, and only this machine can reach it', () => {
  assert.deepEqual(readEnvironment({ PUBLIC_URL: '', DATABASE_URL: '', POLITY_DATA: '' }), {
    port: 8080,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:8080',
    dataDir: join(root, '.polity'),
    charterFolder: join(root, 'charters/estonia'),
    modelOverride: null,
    databaseUrl: null,
    telemetry: { kind: 'off' },
  });
});

test('paths are meant from the folder of the program, and the public address loses its last slash', () => {
  const settings = readEnvironment({
    POLITY_DATA: 'data',
    POLITY_MODEL: '/m.gguf',
    PUBLIC_URL: 'https://ai.example.org/',
  });
  assert.equal(settings.dataDir, join(root, 'data'));
  assert.equal(settings.modelOverride, '/m.gguf');
  assert.equal(settings.publicUrl, 'https://ai.example.org');
});

test('every address of this machine is called localhost, and others stand in brackets where they have colons', () => {
  for (const [HOST, url] of [
    ['0.0.0.0', 'http://localhost:8080'],
    ['::', 'http://localhost:8080'],
    ['2001:db8::7', 'http://[2001:db8::7]:8080'],
    ['ai.example.org', 'http://ai.example.org:8080'],
  ] as const) {
    assert.equal(readEnvironment({ HOST }).publicUrl, url);
  }
});

test('a DATABASE_URL that is none is refused without repeating it', () => {
  assert.throws(
    () => readEnvironment({ DATABASE_URL: 'db.example.org/secret' }),
    (thrown) => thrown instanceof Problem && /^DATABASE_URL/.test(thrown.detail) && !thrown.detail.includes('secret'),
  );
});

for (const [name, value] of [
  ['PORT', '0'],
  ['PORT', '65536'],
  ['PORT', '80a'],
  ['PORT', ''],
  ['PUBLIC_URL', 'ai.example.org'],
  ['PUBLIC_URL', 'ftp://ai.example.org'],
  ['PUBLIC_URL', 'https://example.org/ai'],
  ['PUBLIC_URL', 'https://ai.example.org?a=b'],
  ['PUBLIC_URL', 'https://mari@ai.example.org'],
] as const) {
  test(`${name}=\`${value}\` is refused by its name`, () => {
    assert.throws(
      () => readEnvironment({ [name]: value }),
      (thrown) => thrown instanceof Problem && thrown.detail.startsWith(`${name} is \`${value}\``),
    );
  });
}

test('a socket has a path that every system takes, and two data folders never share one', () => {
  const machine = { temporaryFolder: '/tmp', user: 7 };
  assert.equal(runFolder('/srv/polity', machine).controlSocket, '/srv/polity/run/sockets/control.sock');
  const long = `/srv/${'deep/'.repeat(30)}`;
  const [one, other] = [runFolder(`${long}a`, machine), runFolder(`${long}b`, machine)];
  assert.match(one.controlSocket, /^\/tmp\/polity-7-[0-9a-f]{16}\/control\.sock$/);
  assert.notEqual(one.folder, other.folder);
  assert.ok(one.controlSocket.length < 104);
});
