import { type Clock, fromUtf8, utf8 } from '../kit/index.ts';
import type { BatchDesk } from './batch-desk.ts';
import { LineCheck } from './check-lines.ts';
import type { FileDesk } from './file-desk.ts';
import type { BatchRow, BatchRows, LineRow } from './ports.ts';
import type { BatchLine, BatchState } from './schema.ts';
import type { TenantKeys } from './tenant-keys.ts';

/** How one line was answered. */
export type LineAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly requestId: string; readonly body: unknown }
  /** It could not run now; it is tried again. */
  | { readonly kind: 'later'; readonly afterMs: number };

/** Puts one line, as it stands in its file, to the path, as its key, behind everybody who waits for an answer. */
export type LineAsker = (batch: BatchRow, line: Uint8Array) => Promise<LineAnswer>;

export interface BatchRunnerParts {
  readonly store: BatchRows;
  readonly files: FileDesk;
  readonly desk: BatchDesk;
  readonly keys: TenantKeys;
  readonly clock: Clock;
  readonly worker: string;
  readonly ask: LineAsker;
}

/** How long one worker has for what it took; a dead one's work is taken up then. */
const CLAIM_MS = 900_000;
const LINES_AT_ONCE = 4;
const LINES_WRITTEN_AT_ONCE = 200;
const OPEN: readonly BatchState[] = ['validating', 'in_progress', 'finalizing', 'cancelling'];

/**
 * One round of work: validates what is new, runs some lines, finishes what has none left. True when there was something
 * to do. A line that a worker had taken when it died is run again: it has a record for each try.
 */
export async function workAtBatches(parts: BatchRunnerParts): Promise<boolean> {
  const { store, worker } = parts;
  const fresh = await store.claimBatch(worker, ['validating'], CLAIM_MS);
  if (fresh !== null) await validate(fresh, parts);
  const lines = await store.claimLines(LINES_AT_ONCE, CLAIM_MS);
  await Promise.all(lines.map(({ batch, line }) => runLine(batch, line, parts)));
  const ended = await endBatch(parts);
  return fresh !== null || lines.length > 0 || ended;
}

async function validate(batch: BatchRow, parts: BatchRunnerParts): Promise<void> {
  const { store, files, desk, keys, clock } = parts;
  const sealed = await keys.sealOf(batch.tenant);
  const check = new LineCheck(batch.endpoint);
  try {
    let waiting: LineRow[] = [];
    for await (const { number, line } of check.read(await files.read(batch.tenant, batch.inputFile))) {
      waiting.push({ number, sealed: sealed.seal(line, placeOf(batch.id, number)) });
      if (waiting.length < LINES_WRITTEN_AT_ONCE) continue;
      await store.addLines(batch.id, waiting);
      waiting = [];
    }
    if (waiting.length > 0) await store.addLines(batch.id, waiting);
  } catch {
    check.errors.push({
      code: 'file_gone',
      line: null,
      message: 'the file cannot be read any more',
      param: 'input_file_id',
    });
  }
  const atMs = clock.wallMs();
  if (check.errors.length === 0) {
    await store.stepBatch(batch.id, { from: ['validating'], to: 'in_progress', atMs });
    return;
  }
  const { metadata } = await desk.openDetails(batch);
  const details = await desk.sealDetails(batch.tenant, batch.id, { metadata, errors: check.errors });
  await store.stepBatch(batch.id, { from: ['validating'], to: 'failed', atMs, details });
}

async function runLine(batch: BatchRow, line: LineRow, parts: BatchRunnerParts): Promise<void> {
  const { store, keys, ask, clock } = parts;
  const sealed = await keys.sealOf(batch.tenant);
  const place = placeOf(batch.id, line.number);
  const asked = sealed.open(line.sealed, place);
  const { custom_id } = JSON.parse(fromUtf8(asked)) as BatchLine;
  const answer = await ask(batch, asked);
  if (answer.kind === 'later') {
    await store.pauseLine(
      batch.id,
      line.number,
      Math.min(answer.afterMs, Math.max(0, batch.endsByMs - clock.wallMs())),
    );
    return;
  }
  const isRight = answer.status >= 200 && answer.status < 300;
  const result = {
    id: `batch_req_${batch.id.slice('batch_'.length, 30)}${line.number}`,
    custom_id,
    response: { status_code: answer.status, request_id: answer.requestId, body: answer.body },
    error: null,
  };
  await store.endLine(batch.id, {
    number: line.number,
    sealed: sealed.seal(utf8(JSON.stringify(result)), place),
    state: isRight ? 'done' : 'failed',
  });
}

/** Ends one batch that has nothing left to run, or no time. */
async function endBatch(parts: BatchRunnerParts): Promise<boolean> {
  const { store, worker, clock } = parts;
  const batch = await store.claimBatch(
    worker,
    OPEN.filter((state) => state !== 'validating'),
    1_000,
  );
  if (batch === null) return false;
  const { waiting } = await store.countLines(batch.id);
  const isOver = clock.wallMs() >= batch.endsByMs;
  if (waiting > 0 && !isOver && batch.state !== 'cancelling') return false;
  const to = batch.state === 'cancelling' ? 'cancelled' : waiting > 0 ? 'expired' : 'completed';
  const outputFile = await writeResults(batch, 'done', parts);
  const errorFile = await writeResults(batch, 'failed', parts);
  await store.stepBatch(batch.id, { from: [batch.state], to, atMs: clock.wallMs(), outputFile, errorFile });
  return true;
}

/** Null when there is nothing to write. */
async function writeResults(
  batch: BatchRow,
  state: 'done' | 'failed',
  parts: BatchRunnerParts,
): Promise<string | null> {
  const first = await parts.store.readLines(batch.id, { state, after: 0, limit: 1 });
  if (first.length === 0) return null;
  const days = Math.max(0, Math.round((batch.keptUntilMs - parts.clock.wallMs()) / 86_400_000));
  const file = {
    tenant: batch.tenant,
    keptFor: { retentionDays: days },
    name: `${batch.id}_${state === 'done' ? 'output' : 'error'}.jsonl`,
    bytesMax: Number.MAX_SAFE_INTEGER,
  };
  const received = await parts.files.receive(file, resultsOf(batch, state, parts));
  return (await parts.files.publish(received, { purpose: 'batch_output' })).id;
}

async function* resultsOf(
  batch: BatchRow,
  state: 'done' | 'failed',
  parts: BatchRunnerParts,
): AsyncGenerator<Uint8Array> {
  const sealed = await parts.keys.sealOf(batch.tenant);
  for (let after = 0; ; ) {
    const rows = await parts.store.readLines(batch.id, { state, after, limit: LINES_WRITTEN_AT_ONCE });
    for (const row of rows) {
      yield Buffer.concat([sealed.open(row.sealed, placeOf(batch.id, row.number)), Buffer.from('\n')]);
      after = row.number;
    }
    if (rows.length < LINES_WRITTEN_AT_ONCE) return;
  }
}

function placeOf(batch: string, number: number) {
  return { table: 'vault_batch_line', row: `${batch}/${number}`, column: 'sealed' };
}
