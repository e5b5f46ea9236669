import type pg from 'pg';
import { formatTime, Problem, toBase64 } from '../../kit/index.ts';
import { formatPolicy, formatTlogProof, inclusionProof, PAYLOAD_TYPE, readCheckpointHead } from '../../ledger/index.ts';
import type { LedgerReader, LogDescription, ReceiptKeyDescription, ReceiptView } from '../../ledger/ports.ts';
import { readBundle, readTile } from './read-tiles.ts';

/** By when a signed decision must be in a published tree. Part of the promise that the signature makes. */
const DEADLINE_MS = 60_000;
/** A decision is signed within a tenth of a second of its commit; who asks sooner waits. */
const SIGNATURE_WAIT_MS = 2_000;
const POLL_MS = 25;

interface ReceiptRow {
  /** Null without a decision, as is all that follows down to `is_fresh`. */
  readonly payload: Buffer | null;
  readonly salt: Buffer;
  readonly leaf: Buffer;
  readonly log: string;
  readonly index: number;
  readonly key_id: string;
  readonly signature: Buffer;
  readonly signed_at: Date;
  readonly checkpoint: string | null;
  readonly checkpoint_size: number | null;
  /** Signed a moment ago: its checkpoint is being made. */
  readonly is_fresh: boolean;
  readonly is_open: boolean;
  /** The oldest and the newest row of the journal; null when it is empty. */
  readonly oldest: number | null;
  readonly newest: number | null;
}

/** One statement, so that what is taken from the journal is seen on one of its two sides. */
const FIND_RECEIPT = `
  SELECT d.payload, d.salt, d.leaf, d.log, d.index, d.key_id, d.signature, d.signed_at, l.checkpoint, l.checkpoint_size,
    d.signed_at > now() - interval '1 second' AS is_fresh, EXISTS (SELECT FROM intent WHERE receipt_id = asked.id) AS is_open, j.oldest, j.newest
  FROM (SELECT $1::bytea AS id) AS asked
  LEFT JOIN decision AS d ON d.receipt_id = asked.id
  LEFT JOIN log AS l ON l.name = d.log
  CROSS JOIN (SELECT min(seq) AS oldest, max(seq) AS newest FROM journal) AS j`;

/** The public side of the ledger: needs the database, and no keys. */
export function openLedgerReader(pool: pg.Pool): LedgerReader {
  return {
    readTile: (log, place) => readTile(pool, log, place),
    readBundle: (log, place) => readBundle(pool, log, place),
    async readCheckpoint(log) {
      const { rows } = await pool.query<{ checkpoint: string | null }>('SELECT checkpoint FROM log WHERE name = $1', [
        log,
      ]);
      return rows[0]?.checkpoint ?? null;
    },
    listLogs: () => listLogs(pool),
    receiptKeys: () => receiptKeys(pool),
    readReceipt: (id) => readReceipt(pool, id),
  };
}

async function listLogs(pool: pg.Pool): Promise<LogDescription[]> {
  const { rows } = await pool.query<{
    name: string;
    family: string;
    state: 'active' | 'frozen';
    origin: string;
    vkey: string;
  }>('SELECT name, family, state, origin, vkey FROM log WHERE checkpoint IS NOT NULL ORDER BY name');
  return rows.map(({ vkey, ...log }) => ({
    ...log,
    prefix: `/log/${log.name}`,
    vkeys: [vkey],
    policy: formatPolicy([vkey]),
  }));
}

async function receiptKeys(pool: pg.Pool): Promise<ReceiptKeyDescription[]> {
  const { rows } = await pool.query<{
    id: string;
    public_key: Buffer;
    valid_from: Date;
    valid_to: Date | null;
    governance_index: number | null;
  }>('SELECT id, public_key, valid_from, valid_to, governance_index FROM receipt_key ORDER BY valid_from');
  return rows.map((row) => ({
    id: row.id,
    alg: 'Ed25519',
    publicKey: toBase64(row.public_key),
    validFrom: formatTime(row.valid_from.getTime()),
    validTo: row.valid_to === null ? null : formatTime(row.valid_to.getTime()),
    governanceEntry: row.governance_index === null ? null : String(row.governance_index),
  }));
}

/**
 * What the journal held when we were asked may be about this receipt: the answer waits until the ledger has taken that.
 * So a decided answer is never called open, nor one that has begun unknown. Behind the signature the checkpoint comes at
 * once: it is waited for too, so that whoever asks early has the proof as well.
 */
async function readReceipt(pool: pg.Pool, id: string): Promise<ReceiptView | null> {
  const until = performance.now() + SIGNATURE_WAIT_MS;
  let newest: number | null = null;
  for (;;) {
    const { rows } = await pool.query<ReceiptRow>({
      name: 'read-receipt',
      text: FIND_RECEIPT,
      values: [Buffer.from(id, 'hex')],
    });
    const row = rows[0] as ReceiptRow;
    const isLate = performance.now() > until;
    if (row.payload !== null) {
      if (isLate || !row.is_fresh || row.index < (row.checkpoint_size ?? 0))
        return await viewReceipt(pool, id, { ...row, payload: row.payload });
    } else {
      newest ??= row.newest;
      if (newest === null || row.oldest === null || row.oldest > newest) return row.is_open ? openReceipt(id) : null;
      if (isLate) throw untaken();
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function untaken(): Problem {
  const detail = 'what was recorded last is durable, but the ledger process has not taken it yet; try again shortly';
  return new Problem('ledger-unavailable', detail, { retryAfterMs: 1_000 });
}

function openReceipt(id: string): ReceiptView {
  return {
    id,
    state: 'open',
    deadline: null,
    log: null,
    index: null,
    leaf: null,
    salt: null,
    statement: null,
    proof: null,
  };
}

async function viewReceipt(pool: pg.Pool, id: string, row: ReceiptRow & { payload: Buffer }): Promise<ReceiptView> {
  const proof = await readProof(pool, row);
  return {
    id,
    state: proof === null ? 'pending' : 'included',
    deadline: formatTime(row.signed_at.getTime() + DEADLINE_MS),
    log: row.log,
    index: String(row.index),
    leaf: toBase64(row.leaf),
    salt: toBase64(row.salt),
    statement: {
      payloadType: PAYLOAD_TYPE,
      payload: toBase64(row.payload),
      signatures: [{ keyid: row.key_id, sig: toBase64(row.signature) }],
    },
    proof,
  };
}

/** Against the published checkpoint, never against the newer head that is not signed yet. */
async function readProof(pool: pg.Pool, row: ReceiptRow): Promise<string | null> {
  const { checkpoint, log, index } = row;
  if (checkpoint === null || row.checkpoint_size === null || index >= row.checkpoint_size) return null;
  const { size } = readCheckpointHead(checkpoint);
  const hashes = await inclusionProof(index, size, async (level, tileIndex, width) => {
    const tile = await readTile(pool, log, { level, index: tileIndex, width });
    if (tile === null) throw new Error(`tile ${level}/${tileIndex} of ${log} is missing`);
    return tile;
  });
  return formatTlogProof({ index, hashes, checkpoint });
}
