import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, sha256, toBase64 } from '../kit/index.ts';
import type { ReceiptView } from '../ledger/ports.ts';
import { type LogSource, type TrustedLog, verifyLog, verifyReceipt } from '../ledger/verify/index.ts';
import type { Output } from './charter-output.ts';
import { WrongUsage } from './command.ts';
import {
  chooseLogs,
  type Description,
  folderSource,
  httpSource,
  readDescription,
  readReceiptAt,
} from './log-source.ts';

export interface VerifyArguments {
  /** A file with a receipt, or its id. */
  readonly receipt: string | undefined;
  /** A log's name or family. */
  readonly log: string | undefined;
  readonly url: string;
  /** An exported log. */
  readonly folder: string | undefined;
  /** A file with what `/.well-known/polity` said: then nothing is asked of anybody. */
  readonly trust: string | undefined;
  /** A file with an older checkpoint. */
  readonly checkpoint: string | undefined;
  /** Files with what was said, by subject name. */
  readonly said: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
}

/** Exit codes: 0 proven, 1 fails, 4 promised but not proven yet. */
export async function runVerify(args: VerifyArguments, output: Output): Promise<number> {
  if (args.log !== undefined) return await verifyLogs(args, args.log, output);
  if (args.receipt === undefined) throw new WrongUsage('name a file with a receipt, or a log with `--log decisions`');
  return await verifyOne(args, args.receipt, output);
}

const exitCodes = { proven: 0, fails: 1, promised: 4 } as const;
const words = {
  proven: 'proven: signed, and in the log',
  fails: 'does not verify: keep this file, and report it',
  promised: 'promised, not yet proven: signed, but not yet in a published tree head that the policy of the log accepts',
} as const;

async function verifyOne(args: VerifyArguments, receipt: string, output: Output): Promise<number> {
  const view = /^[0-9a-f]{32}$/.test(receipt) ? await readReceiptAt(args.url, receipt) : readJson<ReceiptView>(receipt);
  const trust = await readTrust(args);
  const said: Record<string, Uint8Array> = {};
  for (const [name, file] of Object.entries(args.said))
    if (file !== undefined) said[name] = new Uint8Array(readFileSync(file));
  const { verdict, checks } = await verifyReceipt(view, trust, { said, sha256 });
  if (args.json) output.out(JSON.stringify({ receipt: view?.id ?? null, verdict, checks }, null, 2));
  else {
    for (const { name, holds, waits, detail } of checks)
      output.out(`${holds ? 'ok  ' : waits ? 'wait' : 'FAIL'} ${name}: ${detail}`);
    output.out(words[verdict]);
  }
  return exitCodes[verdict];
}

async function readTrust({ trust, url }: VerifyArguments): Promise<Description> {
  if (trust === undefined) return await readDescription(url);
  const description = readJson<Partial<Description> | null>(trust);
  if (!Array.isArray(description?.receiptKeys) || !Array.isArray(description.logs))
    throw new Problem(
      'invalid-request',
      `\`${trust}\` does not hold what /.well-known/polity says: save that as it is`,
    );
  return description as Description;
}

function readJson<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new Problem(
      'invalid-request',
      `the file \`${file}\` cannot be read as JSON: ${(cause as Error).message.split('\n')[0]}`,
      { cause },
    );
  }
}

interface Subject {
  readonly log: TrustedLog;
  readonly source: LogSource;
}

async function verifyLogs(args: VerifyArguments, wanted: string, output: Output): Promise<number> {
  let code = 0;
  const logs = await subjects(args, wanted);
  const older = readOlder(args.checkpoint, logs);
  for (const { log, source } of logs) {
    const verdict = await verifyLog(source, log, { sha256, ...older(log) });
    if (verdict.kind === 'fails') code = 1;
    if (args.json)
      output.out(
        JSON.stringify({
          log: log.name,
          ...verdict,
          ...(verdict.kind === 'holds' ? { root: toBase64(verdict.root) } : {}),
        }),
      );
    else if (verdict.kind === 'fails') output.out(`FAIL ${log.name}: ${verdict.place}: ${verdict.reason}`);
    else
      output.out(
        `ok   ${log.name}: ${verdict.size} entries and ${verdict.tiles} tiles give the signed root ${toBase64(verdict.root)}`,
      );
  }
  return code;
}

/** A family has a log for each half-year; an older checkpoint is of one of them, as its first line says. */
function readOlder(file: string | undefined, logs: readonly Subject[]): (log: TrustedLog) => { older?: string } {
  if (file === undefined) return () => ({});
  const older = readFileSync(file, 'utf8');
  const isOf = ({ origin }: TrustedLog) => older.startsWith(`${origin}\n`);
  if (logs.some(({ log }) => isOf(log))) return (log) => (isOf(log) ? { older } : {});
  throw new Problem('invalid-request', `the checkpoint in \`${file}\` is of none of the logs that are checked`);
}

async function subjects(args: VerifyArguments, wanted: string): Promise<readonly Subject[]> {
  if (args.folder !== undefined) return [readFolder(args.folder, wanted)];
  const description = await readDescription(args.url);
  return chooseLogs(description, wanted).map((log) => ({ log, source: httpSource(args.url, log.prefix) }));
}

/** An exported folder has its keys and policy beside the tiles. */
function readFolder(folder: string, name: string): Subject {
  const read = (file: string) => {
    try {
      return readFileSync(join(folder, file), 'utf8');
    } catch (cause) {
      throw new Problem(
        'invalid-request',
        `the folder \`${folder}\` has no \`${file}\`; write one with \`./polity log export\``,
        { cause },
      );
    }
  };
  const vkeys = read('vkeys').trim().split('\n');
  const origin = vkeys[0]?.split('+')[0] ?? '';
  return { log: { name, origin, vkeys, policy: read('policy') }, source: folderSource(folder) };
}
