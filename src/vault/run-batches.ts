import { fromUtf8, Problem, type Timers, utf8 } from '../kit/index.ts';
import type { BatchRunnerParts } from './batch-work.ts';
import { LineCheck } from './check-lines.ts';
import { endBatch } from './end-batch.ts';
import { CLAIM_MS, keepClaim } from './keep-claim.ts';
import { lineIdOf, placeOfLine } from './line-names.ts';
import type { BatchRow, EndedLine, LineRow } from './ports.ts';
import type { BatchLine } from './schema.ts';

/** So many lines are begun in a round. */
const LINES_AT_ONCE = 4;
/** So many run at the same time, once some are slow. */
const RUNNING_MAX = 16;
/** A round waits so long for its lines, milliseconds: one that hangs holds up neither other batches nor the end of its own. */
const ROUND_MS = 500;
const LINES_WRITTEN_AT_ONCE = 200;
/** A file that could not be read for a fault is left alone for so long, milliseconds. */
const READ_AGAIN_MS = 2_000;
/** An answer that was made and paid for waits so often and so long for a database that is away, milliseconds. */
const WRITE_TRIES = 60;
const WRITE_AGAIN_MS = 1_000;

/**
 * One round of work: validates what is new, runs some lines, finishes what has none left. True when there was something
 * to do. A line that a worker had taken when it died is run again: it has a record for each try.
 */
export async function workAtBatches(parts: BatchRunnerParts): Promise<boolean> {
  const { store, worker, timers, report } = parts;
  const fresh = await store.claimBatch(worker, ['validating'], CLAIM_MS);
  if (fresh !== null) {
    const renew = (forMs: number) => store.renewBatch(fresh.id, worker, forMs);
    const validated = keepClaim(renew, timers, () => validate(fresh, parts));
    // What could not be read now is read again a little later, and others are not held up by it.
    await validated.catch(async (cause: unknown) => {
      report(cause);
      await renew(READ_AGAIN_MS);
    });
  }
  const hadLines = await beginLines(parts);
  const ended = await endBatch(parts);
  return fresh !== null || hadLines || ended;
}

async function beginLines(parts: BatchRunnerParts): Promise<boolean> {
  const { store, clock, timers, running, report } = parts;
  const room = Math.min(LINES_AT_ONCE, RUNNING_MAX - running.size);
  const lines = room <= 0 ? [] : await store.claimLines(room, { forMs: CLAIM_MS, atMs: clock.wallMs() });
  const begun = lines.map(({ batch, line }) => {
    const renew = (forMs: number) => store.holdLine(batch.id, line.number, forMs);
    const run = keepClaim(renew, timers, () => runLine(batch, line, parts)).catch(report);
    running.add(run);
    void run.then(() => running.delete(run));
    return run;
  });
  if (running.size > 0) await someTime(begun.length > 0 ? Promise.all(begun) : Promise.race(running), timers);
  return lines.length > 0;
}

async function someTime(work: Promise<unknown>, timers: Timers): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = timers.after(ROUND_MS, resolve);
  await Promise.race([work, over]);
  timer.cancel();
}

async function validate(batch: BatchRow, parts: BatchRunnerParts): Promise<void> {
  const { store, files, desk, keys, clock, worker } = parts;
  const sealed = await keys.sealOf(batch.tenant);
  const check = new LineCheck(batch.endpoint);
  try {
    let waiting: LineRow[] = [];
    for await (const { number, line } of check.read(await files.read(batch.tenant, batch.inputFile))) {
      waiting.push({ number, sealed: sealed.seal(line, placeOfLine(batch.id, number)) });
      if (waiting.length < LINES_WRITTEN_AT_ONCE) continue;
      await store.addLines(batch.id, waiting);
      waiting = [];
    }
    if (waiting.length > 0) await store.addLines(batch.id, waiting);
  } catch (cause) {
    const isGone = cause instanceof Problem && cause.code === 'not-found';
    if (!isGone && clock.wallMs() < batch.endsByMs) throw cause;
    check.errors.push({
      code: 'file_gone',
      line: null,
      message: 'the file cannot be read any more',
      param: 'input_file_id',
    });
  }
  const atMs = clock.wallMs();
  if (check.errors.length === 0) {
    const isOn = await store.stepBatch(batch.id, { from: ['validating'], to: 'in_progress', atMs });
    // It was cancelled meanwhile: whoever ends it need not wait.
    if (!isOn) await store.renewBatch(batch.id, worker, 0);
    return;
  }
  const { metadata } = await desk.openDetails(batch);
  const details = await desk.sealDetails(batch.tenant, batch.id, { metadata, errors: check.errors });
  await store.stepBatch(batch.id, { from: ['validating', 'cancelling'], to: 'failed', atMs, details });
}

async function runLine(batch: BatchRow, line: LineRow, parts: BatchRunnerParts): Promise<void> {
  const { store, keys, ask, clock } = parts;
  const sealed = await keys.sealOf(batch.tenant);
  const place = placeOfLine(batch.id, line.number);
  const asked = sealed.open(line.sealed, place);
  const { custom_id } = JSON.parse(fromUtf8(asked)) as BatchLine;
  const answer = await ask(batch, asked);
  if (answer.kind === 'later') {
    const leftMs = Math.max(0, batch.endsByMs - clock.wallMs());
    await store.holdLine(batch.id, line.number, Math.min(answer.afterMs, leftMs));
    return;
  }
  const { status, requestId, receiptId, dropped, body } = answer;
  const response = {
    status_code: status,
    request_id: requestId,
    ...(receiptId === null ? {} : { receipt_id: receiptId }),
    ...(dropped === null ? {} : { dropped }),
    body,
  };
  const result = { id: lineIdOf(batch.id, line.number), custom_id, response, error: null };
  await writeLine(batch.id, parts, {
    number: line.number,
    sealed: sealed.seal(utf8(JSON.stringify(result)), place),
    state: status >= 200 && status < 300 ? 'done' : 'failed',
  });
}

/** The same answer twice would be paid twice. */
async function writeLine(batch: string, { store, timers }: BatchRunnerParts, line: EndedLine): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await store.endLine(batch, line);
    } catch (cause) {
      if (tries >= WRITE_TRIES) throw cause;
    }
    await new Promise<void>((resolve) => void timers.after(WRITE_AGAIN_MS, resolve));
  }
}
