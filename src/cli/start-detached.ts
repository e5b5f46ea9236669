import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../kit/index.ts';
import type { Output } from './charter-output.ts';

export interface DetachedStart {
  readonly runner: string;
  readonly words: readonly string[];
  readonly json: boolean;
}

interface Surroundings {
  readonly dataDir: string;
  readonly output: Output;
}

interface ReadyLine {
  readonly event: string;
  readonly detail?: string;
  readonly url: string;
  readonly adminUrl: string | null;
  readonly apiKey: string | null;
  readonly curl: string;
}

const LOOK_EVERY_MS = 100;

/** Starts the service without a terminal and returns as soon as it serves. @throws Problem with what it complained about */
export async function startDetached(start: DetachedStart, { dataDir, output }: Surroundings): Promise<number> {
  const logs = join(dataDir, 'logs');
  makeFolder(logs);
  const logPath = join(logs, 'polity.log');
  // The first key and link are among what it says: they stay out of the log, in a file that is removed.
  const saidPath = join(logs, `start.${process.pid}.json`);
  const log = openSync(logPath, 'a', 0o600);
  const said = openSync(saidPath, 'wx', 0o600);
  const logBegin = statSync(logPath).size;
  try {
    // Inside an npm script the bootstrap would take the end of this command for the end of npm, and stop.
    const { npm_lifecycle_event: _, ...environment } = process.env;
    const child = spawn(process.execPath, [start.runner, 'start', '--json', ...start.words], {
      detached: true,
      env: environment,
      stdio: ['ignore', said, log],
    });
    const ready = await waitReady(child, saidPath);
    child.unref();
    if (ready === null) throw new Problem('internal', `it ended before it served: ${complaint(logPath, logBegin)}`);
    printReady(ready, { json: start.json, logPath, output });
    return 0;
  } finally {
    closeSync(log);
    closeSync(said);
    rmSync(saidPath, { force: true });
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new Problem('internal', `the folder ${path} cannot be made: ${(cause as Error).message}`, { cause });
  }
}

/** Null when it ended first. */
async function waitReady(child: ChildProcess, saidPath: string): Promise<ReadyLine | null> {
  let hasEnded = false;
  for (const event of ['exit', 'error'] as const) {
    child.once(event, () => {
      hasEnded = true;
    });
  }
  for (;;) {
    const ready = lastEvent(saidPath);
    if (ready?.event === 'ready') return ready;
    if (hasEnded) return null;
    await pause(LOOK_EVERY_MS);
  }
}

function lastEvent(path: string): ReadyLine | null {
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1).at(-1);
  return whole === undefined ? null : (JSON.parse(whole) as ReadyLine);
}

function complaint(logPath: string, begin: number): string {
  const lines = readFileSync(logPath).subarray(begin).toString('utf8').trim().split('\n');
  const last = (lines.findLast((line) => line.startsWith('polity: ')) ?? lines.at(-1) ?? '').replace(/^polity: /, '');
  return last === '' ? `see ${logPath}` : last;
}

function printReady(
  ready: ReadyLine,
  { json, logPath, output }: { json: boolean; logPath: string; output: Output },
): void {
  if (json) {
    output.out(JSON.stringify({ ...ready, log: logPath }));
    return;
  }
  output.out(`Polity serves on ${ready.url}`);
  output.out(
    ready.adminUrl === null
      ? 'Sign in:   ./polity admin link'
      : `Sign in:   ${ready.adminUrl}   (works once, for 15 minutes)`,
  );
  output.out(
    ready.apiKey === null
      ? 'A new key: ./polity keys create --tenant <id> --purpose <id>'
      : `API key:   ${ready.apiKey}   (shown only now)`,
  );
  output.out(`Log:       ${logPath}`);
  output.out('End it:    ./polity stop');
}
