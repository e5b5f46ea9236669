import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readiness } from '../api/index.ts';
import { type Database, type Listener, type LiveKeyRing, readLogState } from '../store/index.ts';
import type { CharterDesk } from './charter-in-force.ts';

/** The latest word of the model process about itself. */
export interface ModelWatch {
  state(): { readonly ok: boolean; readonly detail?: string };
  close(): void;
}

const ASK_EVERY_MS = 1_000;
/** Who asks whether we are ready does not wait for long. */
const DATABASE_MS = 2_000;

/** Asks the model process once a second. Its state is part of readiness, but no reason not to serve. */
export function watchModel(socketPath: string): ModelWatch {
  let state: { ok: boolean; detail?: string } = { ok: false, detail: 'the model process has not answered yet' };
  const ask = () => {
    const asked = request({ socketPath, path: '/healthz', timeout: ASK_EVERY_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        state = readState(body);
      });
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => {
      state = { ok: false, detail: 'the model process does not answer' };
    });
    asked.end();
  };
  ask();
  const timer = setInterval(ask, ASK_EVERY_MS);
  return { state: () => state, close: () => clearInterval(timer) };
}

function readState(body: string): { ok: boolean; detail?: string } {
  try {
    const said = JSON.parse(body) as { state?: unknown; detail?: unknown };
    if (said.state === 'ready') return { ok: true };
    return { ok: false, detail: typeof said.detail === 'string' ? said.detail : `the model is ${String(said.state)}` };
  } catch {
    return { ok: false, detail: 'the model process does not answer' };
  }
}

interface ReadinessParts {
  readonly pool: Database<never>['pool'];
  readonly charter: CharterDesk;
  readonly keys: LiveKeyRing;
  readonly listener: Listener;
  readonly model: ModelWatch;
}

/** What `/readyz` says. Ready means that a request would be decided and recorded; the model is shown beside it. */
export async function readinessOf(parts: ReadinessParts): Promise<Readiness> {
  const database = await askDatabase(parts.pool);
  const keyFault = parts.keys.obstacle();
  const said: Record<string, { ok: boolean; detail?: string }> = {
    database: database.answers ? { ok: true } : { ok: false, detail: 'the database does not answer' },
    charter: { ok: true, detail: parts.charter.current().charter.digest },
    keys: keyFault === null ? { ok: true } : { ok: false, detail: keyFault },
    log: database.log,
    notifications: parts.listener.isConnected()
      ? { ok: true }
      : { ok: false, detail: 'changes are polled until the connection is back' },
    model: parts.model.state(),
  };
  const needed = ['database', 'charter', 'keys', 'log'] as const;
  return { ready: needed.every((part) => said[part]?.ok), parts: said };
}

/** The log is writable when a ledger process is alive; when the clock stepped back, its timestamps hold still. */
async function askDatabase(
  pool: Database<never>['pool'],
): Promise<{ answers: boolean; log: { ok: boolean; detail?: string } }> {
  try {
    const state = await Promise.race([readLogState(pool), delay(DATABASE_MS, null)]);
    if (state === null) throw new Error('it says nothing');
    const { isSequencing, hasSteppedBack } = state;
    if (!isSequencing) return { answers: true, log: { ok: false, detail: 'no ledger process is alive' } };
    if (hasSteppedBack) {
      const detail = 'the wall clock stepped back; timestamps of the log hold still';
      return { answers: true, log: { ok: true, detail } };
    }
    return { answers: true, log: { ok: true } };
  } catch {
    return { answers: false, log: { ok: false, detail: 'the database does not answer' } };
  }
}
