import { fromBase64, sha256Hex, utf8 } from '../kit/index.ts';
import { checkBackends } from './check-backends.ts';
import { looksSecret } from './describe-value.ts';
import type { RawCharter } from './raw-charter.ts';
import type { Path } from './read-yaml.ts';
import { CharterFile, charterFiles } from './schema.ts';

/** What no single field shows: backends against their dialect, keys against their hash, a quorum against the keys, room against bodies. */
export function checkRules(raw: RawCharter): void {
  checkBackends(raw);
  checkKeys(raw);
  checkQuorum(raw);
  checkRoom(raw);
  checkLocalNames(raw);
  for (const file of Object.keys(charterFiles)) checkSecrets(raw, file, []);
}

/** c2sp.org/signed-note: the key hash is the first 4 bytes of SHA-256 over name, line feed, type byte and key. */
function checkKeys(raw: RawCharter): void {
  const names = new Set<string>();
  for (const index of raw.list('institutions.yaml', []).keys()) {
    for (const keyIndex of raw.list('institutions.yaml', [index, 'keys']).keys()) {
      const path: Path = [index, 'keys', keyIndex];
      const parts = /^(\S+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(raw.text('institutions.yaml', path) ?? '');
      if (parts === null) continue;
      const [, name = '', hash = '', encoded = ''] = parts;
      const fault = keyFault(name, hash, encoded);
      if (fault !== null)
        raw.report('institutions.yaml', path, { found: fault, expected: 'a signed-note verifier key of type Ed25519' });
      if (names.has(name))
        raw.report('institutions.yaml', path, {
          found: `the key name \`${name}\` a second time`,
          expected: 'each key name once',
        });
      names.add(name);
    }
  }
}

function keyFault(name: string, hash: string, encoded: string): string | null {
  let key: Uint8Array;
  try {
    key = fromBase64(encoded);
  } catch {
    return 'a key that is not canonical base64';
  }
  if (key.length !== 33 || key[0] !== 1) return 'a key of another type or length';
  const right = sha256Hex(Uint8Array.from([...utf8(`${name}\n`), ...key])).slice(0, 8);
  return right === hash ? null : `the key hash \`${hash}\`, which does not fit the key`;
}

/** Half of the room is for one key, so that the largest body always has its place in it. */
function checkRoom(raw: RawCharter): void {
  const bounds = CharterFile.shape.bounds.safeParse(raw.value('charter.yaml', ['bounds']));
  if (!bounds.success) return;
  const { bodyBytesMax, audioBytesMax, heldBytesMax } = bounds.data;
  const least = 2 * Math.max(bodyBytesMax, audioBytesMax);
  if (heldBytesMax >= least) return;
  raw.report('charter.yaml', ['bounds', 'heldBytesMax'], {
    found: `room for ${heldBytesMax} bytes of bodies`,
    expected: `at least ${least}, twice the largest body that \`bodyBytesMax\` and \`audioBytesMax\` allow`,
  });
}

function checkQuorum(raw: RawCharter): void {
  const quorum = raw.value('charter.yaml', ['quorum']);
  if (typeof quorum !== 'number' || !raw.has('institutions.yaml')) return;
  const signers = raw
    .list('institutions.yaml', [])
    .filter((_item, index) => raw.list('institutions.yaml', [index, 'keys']).length > 0);
  if (quorum > signers.length) {
    raw.report('charter.yaml', ['quorum'], {
      found: `\`${quorum}\``,
      expected: `at most ${signers.length}, the institutions that have a key`,
    });
  }
  if (quorum === 0 && raw.value('charter.yaml', ['status']) === 'adopted') {
    raw.warn('charter.yaml', ['quorum'], {
      found: '`0`',
      expected: 'signatures of institutions: with a quorum of 0 whoever can edit the files changes the law',
    });
  }
}

/** Names that people read must be there in the principal language; other languages are asked for with a warning. */
function checkLocalNames(raw: RawCharter): void {
  const languages = raw.list('charter.yaml', ['languages']).filter((tag) => typeof tag === 'string');
  const check = (file: string, path: Path): void => {
    const texts = raw.value(file, path);
    if (typeof texts !== 'object' || texts === null || Array.isArray(texts)) return;
    for (const [rank, tag] of languages.entries()) {
      if (tag in texts) continue;
      const mistake = {
        found: `no text in \`${tag}\``,
        expected: 'a text in each language of the charter',
      };
      if (rank === 0) raw.report(file, path, mistake);
      else raw.warn(file, path, mistake);
    }
  };
  check('charter.yaml', ['name']);
  check('charter.yaml', ['notice']);
  for (const part of [['name'], ['tagline'], ['office', 'name']]) check('charter.yaml', ['assistant', ...part]);
  for (const file of ['institutions.yaml', 'purposes.yaml', 'tenants.yaml']) {
    for (const index of raw.list(file, []).keys()) check(file, [index, 'name']);
  }
  for (const part of ['levels', 'caveats']) {
    for (const index of raw.list('classification.yaml', [part]).keys()) {
      check('classification.yaml', [part, index, 'name']);
      check('classification.yaml', [part, index, 'handling']);
    }
  }
}

function checkSecrets(raw: RawCharter, file: string, path: Path): void {
  const value = raw.value(file, path);
  if (looksSecret(value)) {
    raw.report(file, path, {
      found: 'a literal secret (not shown)',
      expected: 'a reference like `env:NAME` or `file:/path`: a charter is public',
    });
  }
  if (typeof value !== 'object' || value === null) return;
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const step of steps) checkSecrets(raw, file, [...path, step]);
}
