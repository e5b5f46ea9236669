import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** PostgreSQL with its first segments, the starter model and a wheel beside it while it is unpacked. */
const SPACE_BYTES = 1_000_000_000;
/** Less than that and PostgreSQL may stop in the middle of a day. */
const SPACE_LEAST_BYTES = 200_000_000;
const SYNCS = 20;
/** Every answer waits for one or two of them. */
const SYNC_SLOW_MS = 20;

/** Whether the data folder can be written, has room, and how long a durable write takes. */
export function examineData({ settings: { dataDir } }: Patient): Finding[] {
  const place = nearestFolder(dataDir);
  if (!statSync(place).isDirectory()) return [fail(`${place} is no folder`, 'set POLITY_DATA to one')];
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch {
    return [
      fail(
        `${place} cannot be written by this user`,
        'give this user the right to, or set POLITY_DATA to another folder',
      ),
    ];
  }
  if (place !== dataDir) return [ok(`the data folder ${dataDir} is made at the first start`), examineSpace(place)];
  return [ok(`the data folder ${dataDir} can be written`), examineSpace(place), examineSync(place)];
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

function examineSpace(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const what = `${(free / 1e9).toFixed(1)} GB are free for the data folder`;
  if (free >= SPACE_BYTES) return ok(what);
  const mend = 'free some space (about 1 GB is needed), or set POLITY_DATA to another disk';
  return free >= SPACE_LEAST_BYTES ? warn(what, mend) : fail(what, mend);
}

/** Writes to a file of its own and removes it. */
function examineSync(folder: string): Finding {
  const path = join(folder, `.doctor.${process.pid}`);
  const durationsMs: number[] = [];
  try {
    const file = openSync(path, 'wx', 0o600);
    for (let turn = 0; turn < SYNCS; turn++) {
      const startedMs = performance.now();
      writeSync(file, 'x'.repeat(512));
      fsyncSync(file);
      durationsMs.push(performance.now() - startedMs);
    }
    closeSync(file);
  } catch (cause) {
    return fail(`nothing can be made durable in ${folder}: ${(cause as Error).message}`, 'look at the disk');
  } finally {
    rmSync(path, { force: true });
  }
  const medianMs = durationsMs.sort((a, b) => a - b)[SYNCS >> 1] ?? 0;
  const what = `a durable write takes ${medianMs.toFixed(2)} ms`;
  return medianMs <= SYNC_SLOW_MS
    ? ok(what)
    : warn(what, 'put the data folder on a faster disk; every answer waits for it');
}

/** Seeds of the log and receipt keys: whoever reads them can sign in the installation's name. */
export function examineKeys({ settings: { dataDir } }: Patient): Finding[] {
  const folder = join(dataDir, 'keys');
  if (!existsSync(folder)) return [ok('keys are made at the first start')];
  if (process.platform === 'win32') return [ok('keys are there')];
  try {
    const open = [folder, ...readdirSync(folder).map((name) => join(folder, name))].filter(
      (path) => (statSync(path).mode & 0o077) !== 0,
    );
    if (open.length === 0) return [ok('keys can be read by their owner alone')];
    return open.map((path) =>
      fail(`${path} can be read by others`, `run \`chmod go= ${path}\`; if others had the chance, make new keys`),
    );
  } catch (cause) {
    return [fail(`the keys cannot be looked at: ${(cause as Error).message}`, 'run this as the user that runs Polity')];
  }
}
