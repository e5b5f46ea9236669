import { fromUtf8, utf8 } from '../kit/index.ts';
import type { BatchRunnerParts } from './batch-work.ts';
import { LineCheck } from './check-lines.ts';
import { endBatch } from './end-batch.ts';
import { CLAIM_MS, keepClaim } from './keep-claim.ts';
import { lineIdOf, placeOfLine } from './line-names.ts';
import type { BatchRow, EndedLine, LineRow } from './ports.ts';
import type { BatchLine } from './schema.ts';

const LINES_AT_ONCE = 4;
const LINES_WRITTEN_AT_ONCE = 200;
/** An answer that was made and paid for waits so often and so long for a database that is away, milliseconds. */
const WRITE_TRIES = 60;
const WRITE_AGAIN_MS = 1_000;

/**
 * One round of work: validates what is new, runs some lines, finishes what has none left. True when there was something
 * to do. A line that a worker had taken when it died is run again: it has a record for each try.
 */
export async function workAtBatches(parts: BatchRunnerParts): Promise<boolean> {
  const { store, worker, clock, timers } = parts;
  const fresh = await store.claimBatch(worker, ['validating'], CLAIM_MS);
  if (fresh !== null) {
    const renew = (forMs: number) => store.renewBatch(fresh.id, worker, forMs);
    await keepClaim(renew, timers, () => validate(fresh, parts));
  }
  const lines = await store.claimLines(LINES_AT_ONCE, { forMs: CLAIM_MS, atMs: clock.wallMs() });
  const runs = lines.map(({ batch, line }) => {
    const renew = (forMs: number) => store.renewLine(batch.id, line.number, forMs);
    return keepClaim(renew, timers, () => runLine(batch, line, parts));
  });
  // A fault of one is told once the others have ended too.
  const [fault] = (await Promise.allSettled(runs)).filter(({ status }) => status === 'rejected');
  if (fault !== undefined) throw (fault as PromiseRejectedResult).reason;
  const ended = await endBatch(parts);
  return fresh !== null || lines.length > 0 || ended;
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
    await store.pauseLine(batch.id, line.number, Math.min(answer.afterMs, leftMs));
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
