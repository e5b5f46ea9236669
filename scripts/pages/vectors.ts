import type { Ids } from '../../src/kit/index.ts';
import { sha256Hex, toBase64, toHex, utf8 } from '../../src/kit/index.ts';
import {
  appendEntries,
  emptyEdge,
  formatPolicy,
  formatTlogProof,
  formatTreeHead,
  PAYLOAD_TYPE,
  pathOf,
  receiptKeyId,
  Sealer,
  signingKey,
  signNote,
  signPayloads,
  textSubject,
  verifierKey,
} from '../../src/ledger/index.ts';
import type { Beginning, Outcome } from '../../src/ledger/ports.ts';
import type { Circumstances } from '../../src/ledger/schema.ts';

const SIZES = [0, 1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 70_000];
const origin = 'vectors.example/0000000000000000/decisions-2026h2';
/** Seeds are public: these keys sign nothing but vectors. */
const logSeed = new Uint8Array(32).fill(1);
const receiptSeed = new Uint8Array(32).fill(2);
const entryOf = (index: number) => utf8(`entry ${index}`);

function treeOf(size: number) {
  return appendEntries(
    emptyEdge,
    Array.from({ length: size }, (_, index) => entryOf(index)),
  );
}

/** Tree sizes with their roots and the digest of every tile, a signed checkpoint and a proof. */
export function ledgerVectors(): string {
  const key = signingKey(logSeed);
  const trees = SIZES.map((size) => {
    const { root, tiles, bundles } = treeOf(size);
    const partial = tiles.filter((tile) => tile.width < 256);
    const files = [...partial.map((tile) => ({ path: pathOf({ kind: 'tile', ...tile }), bytes: tile.bytes }))];
    for (const bundle of bundles.slice(-1))
      files.push({ path: pathOf({ kind: 'entries', ...bundle }), bytes: bundle.bytes });
    return {
      size,
      root: toBase64(root),
      checkpoint: signNote(formatTreeHead({ origin, size, root }), origin, key),
      rightEdge: files.map(({ path, bytes }) => ({ path, sha256: sha256Hex(bytes) })),
    };
  });
  const vkey = verifierKey(origin, key);
  return print({
    about: 'entry n is the UTF-8 of `entry <n>`',
    origin,
    seed: toHex(logSeed),
    vkey,
    policy: formatPolicy([vkey]),
    trees,
  });
}

/** Salts that count: no randomness in a vector. */
function countingIds(): Ids {
  let next = 0;
  return { receiptId: () => '0'.repeat(32), salt: () => new Uint8Array(32).fill(next++) };
}

const receiptId = '0123456789abcdef0123456789abcdef';
const circumstances: Circumstances = {
  stated: {
    installation: '0000000000000000',
    family: 'decisions',
    tenant: 'agency',
    purpose: { id: 'drafting', legalBasis: 'Example Act § 1' },
    classification: { level: 'internal', caveats: ['personal'] },
    endpoint: '/v1/chat/completions',
    requestedModel: 'auto',
    model: { id: 'example-model', sha256: '0'.repeat(64) },
    backend: {
      id: 'embedded',
      site: 'tallinn',
      jurisdiction: 'EE',
      operator: 'Example',
      operatorJurisdiction: 'EE',
      parentJurisdiction: 'EE',
    },
    charter: { digest: '1'.repeat(64) },
    policy: {
      digest: '2'.repeat(64),
      outcome: 'allowed',
      clauses: ['ee-drafting'],
      considered: [{ backend: 'embedded', allowed: true, clauses: [] }],
    },
    obligations: [],
  },
  currency: 'EUR',
  key: 'key',
  project: '',
};
const beginning: Beginning = {
  circumstances: utf8(JSON.stringify(circumstances)),
  attempt: { number: 1, previous: null },
  said: [],
  reserved: { tokens: 100, moneyMicros: 0 },
};
const outcome: Outcome = {
  receiptId,
  beginning: null,
  ended: 'complete',
  reason: 'stop',
  endedAtMs: Date.UTC(2026, 10, 23, 12),
  usage: { promptTokens: 7, completionTokens: 2, source: 'upstream' },
  moneyMicros: 0,
  footprint: { energyMicroWh: 0, co2MicroGrams: 0 },
  said: [],
  spent: [],
};

/** A whole receipt: text, statement, signature, leaf, and its proof in a log of one entry. */
export async function receiptVectors(): Promise<string> {
  const ids = countingIds();
  const text = 'Tere, maailm';
  const said = [textSubject(0, sha256Hex(text))];
  const { payload, salt, leaf } = new Sealer(ids).seal(beginning, { ...outcome, said });
  const receiptKey = signingKey(receiptSeed);
  const logKey = signingKey(logSeed);
  const { root } = appendEntries(emptyEdge, [leaf]);
  const checkpoint = signNote(formatTreeHead({ origin, size: 1, root }), origin, logKey);
  const keyid = receiptKeyId(receiptKey.publicKey);
  const [sig] = await signPayloads([payload], receiptKey);
  const receipt = {
    id: receiptId,
    state: 'included',
    deadline: '2026-11-23T12:01:00Z',
    log: 'decisions-2026h2',
    index: '0',
    leaf: toBase64(leaf),
    salt: toBase64(salt),
    statement: {
      payloadType: PAYLOAD_TYPE,
      payload: toBase64(payload),
      signatures: [{ keyid, sig: toBase64(sig ?? new Uint8Array()) }],
    },
    proof: formatTlogProof({ index: 0, hashes: [], checkpoint }),
  };
  const vkey = verifierKey(origin, logKey);
  const trust = {
    receiptKeys: [
      {
        id: keyid,
        alg: 'Ed25519',
        publicKey: toBase64(receiptKey.publicKey),
        validFrom: '2026-11-23T00:00:00Z',
        validTo: null,
      },
    ],
    logs: [{ name: 'decisions-2026h2', origin, vkeys: [vkey], policy: formatPolicy([vkey]) }],
  };
  return print({
    about: 'a receipt that verifies with this trust',
    text,
    seeds: { log: toHex(logSeed), receipt: toHex(receiptSeed) },
    trust,
    receipt,
  });
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
