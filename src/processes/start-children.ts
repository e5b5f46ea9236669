import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Database, endWorkerLease } from '../store/index.ts';
import type { CharterOffice } from './charter-office.ts';
import { type ChildOptions, type KeptChild, keepChild, prepareCluster } from './keep-child.ts';
import type { KeptDatabase } from './keep-database.ts';
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
  readonly all: readonly KeptChild[];
  /** Every process serves; the embedded model is loaded, or has said why it is not. */
  readonly ready: Promise<unknown>;
  /** Gateways first, so that they finish their answers while ledger and model still work for them. */
  stop(): Promise<void>;
}

export function startChildren(parts: SupervisedParts): Children {
  const { settings, pool, teller, report } = parts;
  prepareCluster();
  let settleModel: () => void = () => {};
  const modelSettled = new Promise<void>((resolve) => {
    settleModel = resolve;
  });
  const onModel = listenToModel({ pool, report, step: teller.step, onSettled: () => settleModel() });
  const keep = (role: ChildOptions['role']) =>
    keepChild({
      role,
      // Asked for at every start: a charter that was adopted meanwhile counts.
      config: () => childConfig(parts),
      onDeath: (workerId) => void endWorkerLease(pool, workerId).catch(() => {}),
      onMessage: role === 'model' ? onModel : () => {},
      report,
    });
  const model = keep('model');
  const ledger = keep('ledger');
  const gateways = Array.from({ length: settings.workers }, () => keep('gateway'));
  const all = [model, ledger, ...gateways];
  return {
    all,
    ready: Promise.all([...all.map(({ ready }) => ready), modelSettled]),
    async stop() {
      await Promise.all(gateways.map((gateway) => gateway.stop(GATEWAY_GRACE_MS)));
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
