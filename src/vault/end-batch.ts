import { fromUtf8, utf8 } from '../kit/index.ts';
import type { BatchRunnerParts } from './batch-work.ts';
import { CLAIM_MS, keepClaim } from './keep-claim.ts';
import { lineIdOf, placeOfLine } from './line-names.ts';
import type { BatchRow } from './ports.ts';
import type { BatchLine, BatchState } from './schema.ts';

const LINES_READ_AT_ONCE = 200;
const ENDING: readonly BatchState[] = ['in_progress', 'finalizing', 'cancelling'];
/** For a look whether there is something to end. */
const LOOK_MS = 1_000;

type End = 'completed' | 'expired' | 'cancelled';

/** Ends one batch that has nothing left to run, or no time. True when it ended one. */
export async function endBatch(parts: BatchRunnerParts): Promise<boolean> {
  const { store, worker, clock, timers } = parts;
  const batch = await store.claimBatch(worker, ENDING, LOOK_MS);
  if (batch === null) return false;
  const waiting = (await store.countLines([batch.id])).get(batch.id)?.waiting ?? 0;
  const isOver = clock.wallMs() >= batch.endsByMs;
  if (waiting > 0 && !isOver && batch.state !== 'cancelling') return false;
  // Lines that run end: they are paid for, and belong into a file. No others are begun.
  if (waiting > 0 && (await store.countBusy(batch.id, CLAIM_MS)) > 0) return false;
  const renew = (forMs: number) => store.renewBatch(batch.id, worker, forMs);
  if (!(await renew(CLAIM_MS))) return false;
  const to = batch.state === 'cancelling' ? 'cancelled' : waiting > 0 ? 'expired' : 'completed';
  await keepClaim(renew, timers, () => writeEnd(batch, to, parts));
  return true;
}

async function writeEnd(batch: BatchRow, to: End, parts: BatchRunnerParts): Promise<void> {
  const { store, clock, files } = parts;
  const outputFile = await writeFile(batch, { name: 'output', lines: resultsOf(batch, 'done', parts) }, parts);
  const errorFile = await writeFile(batch, { name: 'error', lines: faultsOf(batch, to, parts) }, parts);
  const step = { from: [batch.state], to, atMs: clock.wallMs(), outputFile, errorFile };
  if (await store.stepBatch(batch.id, step)) return;
  // It was cancelled meanwhile, or another worker has ended it: these files are none of it.
  for (const id of [outputFile, errorFile]) if (id !== null) await files.delete(batch.tenant, id);
  await store.renewBatch(batch.id, parts.worker, 0);
}

type Lines = AsyncGenerator<Uint8Array>;

/** Null when there is nothing to write. */
async function writeFile(
  batch: BatchRow,
  { name, lines }: { readonly name: 'output' | 'error'; readonly lines: Lines },
  { clock, files }: BatchRunnerParts,
): Promise<string | null> {
  const first = await lines.next();
  if (first.done === true) return null;
  const days = Math.max(0, Math.round((batch.keptUntilMs - clock.wallMs()) / 86_400_000));
  const file = {
    tenant: batch.tenant,
    keptFor: { retentionDays: days },
    name: `${batch.id}_${name}.jsonl`,
    bytesMax: Number.MAX_SAFE_INTEGER,
    // It was paid for: what was answered is never thrown away.
    room: null,
  };
  const received = await files.receive(file, withFirst(first.value, lines));
  return (await files.publish(received, { purpose: 'batch_output' })).id;
}

async function* withFirst(first: Uint8Array, lines: Lines): Lines {
  yield first;
  yield* lines;
}

/** Each line that brought no answer: why, in its own words or because it was never put. */
async function* faultsOf(batch: BatchRow, to: End, parts: BatchRunnerParts): Lines {
  yield* resultsOf(batch, 'failed', parts);
  if (to === 'completed') return;
  const error = unput[to];
  for await (const { number, opened } of readLines(batch, 'waiting', parts)) {
    const { custom_id } = JSON.parse(fromUtf8(opened)) as BatchLine;
    yield utf8(`${JSON.stringify({ id: lineIdOf(batch.id, number), custom_id, response: null, error })}\n`);
  }
}

/** In OpenAI's words. https://platform.openai.com/docs/guides/batch (2026-11) */
const unput = {
  expired: {
    code: 'batch_expired',
    message: 'This request could not be executed before the completion window expired.',
  },
  cancelled: { code: 'batch_cancelled', message: 'This request was not executed, because the batch was cancelled.' },
};

async function* resultsOf(batch: BatchRow, state: 'done' | 'failed', parts: BatchRunnerParts): Lines {
  for await (const { opened } of readLines(batch, state, parts)) yield Buffer.concat([opened, Buffer.from('\n')]);
}

async function* readLines(batch: BatchRow, state: 'done' | 'failed' | 'waiting', { store, keys }: BatchRunnerParts) {
  const sealed = await keys.sealOf(batch.tenant);
  for (let after = 0; ; ) {
    const rows = await store.readLines(batch.id, { state, after, limit: LINES_READ_AT_ONCE });
    for (const { number, sealed: bytes } of rows) {
      yield { number, opened: sealed.open(bytes, placeOfLine(batch.id, number)) };
      after = number;
    }
    if (rows.length < LINES_READ_AT_ONCE) return;
  }
}
