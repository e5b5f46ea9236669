import { statSync } from 'node:fs';
import { join } from 'node:path';
import { askReadiness } from '../ask-readiness.ts';
import { type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** What the running instance says of its parts. */
export async function examineInstance({ settings: { host, port }, running }: Patient): Promise<Finding[]> {
  if (running === null) return [ok('nothing runs on the data folder; `npm start` starts it')];
  const near = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const said = await askReadiness(`http://${near.includes(':') ? `[${near}]` : near}:${port}`);
  if (said.kind === 'silent') {
    return [
      fail(
        `the instance runs, but port ${port} does not answer (${said.why})`,
        'set PORT and HOST as it was started with; else look at its log',
      ),
    ];
  }
  return Object.entries(said.parts).map(([part, { ok: isOk, detail }]) => {
    const what = `running: ${part}${detail === undefined ? '' : ` (${detail})`}`;
    if (isOk) return ok(what);
    // The service is ready without it: such as a model that is being fetched.
    return said.ready
      ? warn(what, 'it serves meanwhile; look again in a minute')
      : fail(what, 'look at its log; `./polity stop` and start again');
  });
}

/** No clock is right that is before the files which it once stamped. */
export function examineClock({ root, settings: { dataDir } }: Patient): Finding[] {
  const witnesses = [join(root, 'package.json'), join(dataDir, 'run/lock.json'), join(dataDir, 'keys')];
  const newestMs = Math.max(0, ...witnesses.map(changedMs));
  const nowMs = Date.now();
  const now = new Date(nowMs).toISOString().slice(0, 19);
  if (nowMs < newestMs - TOLERANCE_MS) {
    return [
      fail(
        `the clock says ${now}Z, before files that are there already`,
        'set the clock, best by NTP; the log stands still until then',
      ),
    ];
  }
  return [ok(`the clock says ${now}Z`)];
}

/** Between two machines that share a disk. */
const TOLERANCE_MS = 5_000;

function changedMs(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
