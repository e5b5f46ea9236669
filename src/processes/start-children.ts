import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Database, endWorkerLease } from '../store/index.ts';
import type { CharterOffice } from './charter-office.ts';
import { type ChildOptions, keepChild } from './keep-child.ts';
import type { KeptDatabase } from './keep-database.ts';
import { type GatewayState, Gateways } from './keep-gateways.ts';
import type { KnowledgeOffice } from './knowledge-office.ts';
import { listenToModel } from './model-progress.ts';
import type { RunFolder } from './run-folder.ts';
import type { Settings } from './settings.ts';
import type { Teller } from './tell-ready.ts';

const GATEWAY_GRACE_MS = 15_000;
const LEDGER_GRACE_MS = 15_000;
const MODEL_GRACE_MS = 3_000;
const root = join(import.meta.dirname, '../..');

export interface SupervisedParts {
  readonly settings: Settings;
  readonly run: RunFolder;
  readonly pool: Database<never>['pool'];
  readonly office: CharterOffice;
  readonly knowledge: KnowledgeOffice;
  readonly teller: Teller;
  readonly database: KeptDatabase;
  readonly installation: string;
  report(line: string): void;
}

export interface Children {
  /** Every process serves; the embedded model is loaded, or has said why it is not. Rejects when the port cannot be had. */
  readonly ready: Promise<unknown>;
  states(): readonly (GatewayState | { readonly role: string; readonly pid: number | null })[];
  /** @see Gateways.restart */
  restartGateways(graceMs: number): Promise<number>;
  /** Gateways first, so that they finish their answers while ledger and model still work for them. */
  stop(): Promise<void>;
}

export function startChildren(parts: SupervisedParts): Children {
  const { settings, pool, teller, report } = parts;
  let settleModel: () => void = () => {};
  const modelSettled = new Promise<void>((resolve) => {
    settleModel = resolve;
  });
  const onModel = listenToModel({ pool, report, step: teller.step, onSettled: () => settleModel() });
  const keep = (role: ChildOptions['role'], hooks: Pick<ChildOptions, 'onMessage' | 'onSilence'>) =>
    keepChild({
      ...hooks,
      role,
      // Asked for at every start: a charter that was adopted meanwhile counts.
      config: () => childConfig(parts),
      onDeath: (workerId) => void endWorkerLease(pool, workerId).catch(() => {}),
      report,
    });
  const model = keep('model', { onMessage: onModel });
  const ledger = keep('ledger', { onMessage: () => {} });
  const { workers, port, host } = settings;
  const gateways = new Gateways({ workers, port, host, keep: (hooks) => keep('gateway', hooks) });
  const ready = Promise.all([model.ready, ledger.ready, gateways.ready, modelSettled]);
  // Whoever waits for it hears of a fault; a start that was called off waits no more.
  ready.catch(() => {});
  return {
    ready,
    states: () => [
      ...[model, ledger].map((child) => ({ role: child.role, pid: child.life()?.pid ?? null })),
      ...gateways.states(),
    ],
    restartGateways: (graceMs) => gateways.restart(graceMs),
    async stop() {
      await gateways.stop(GATEWAY_GRACE_MS);
      await ledger.stop(LEDGER_GRACE_MS);
      await model.stop(MODEL_GRACE_MS);
    },
  };
}

function childConfig({
  settings,
  run,
  office,
  database,
  installation,
}: SupervisedParts): ReturnType<ChildOptions['config']> {
  const { models, backends, country } = office.current();
  const isServed = backends.some(({ dialect }) => dialect === 'embedded');
  return {
    dataDir: settings.dataDir,
    databaseUrl: database.url,
    host: settings.host,
    port: settings.port,
    publicUrl: settings.publicUrl,
    modelSocket: run.modelSocket,
    modelsDir: join(settings.dataDir, 'models'),
    modelOverride: settings.modelOverride,
    // A charter without an embedded backend never asks it: nothing is fetched.
    model: (isServed && models.find(({ id }) => id === country.embedded.model)) || null,
    installation,
    charterDomain: country.domain,
    version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
    commit: readCommit(),
    threads: availableParallelism(),
    workers: settings.workers,
  };
}

function readCommit(): string | null {
  try {
    return execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
