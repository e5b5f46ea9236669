import { batchLineAsker, type InferenceParts, type VaultDesks } from '../api/index.ts';
import { dialects } from '../gateway/index.ts';
import { systemClock, systemTimers, wrappingKey } from '../kit/index.ts';
import { type Database, openKeyFolder, openVaultStore } from '../store/index.ts';
import { BatchDesk, FileDesk, ResponseDesk, TenantKeys, workAtBatches } from '../vault/index.ts';
import type { VaultStore } from '../vault/ports.ts';

/** Endpoints that a batch may name: those whose requests are JSON and whose answers are too. */
const BATCH_ENDPOINTS = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/completions',
  '/v1/embeddings',
  '/v1/moderations',
  '/v1/rerank',
  '/v1/messages',
];
const IDLE_MS = 1_000;

export interface OpenVault extends VaultDesks {
  readonly store: VaultStore;
  readonly keys: TenantKeys;
}

/** The vault of one gateway process. @throws Error when the key-encryption key is missing */
export function openVault(pool: Database<never>['pool'], dataDir: string): OpenVault {
  const clock = systemClock;
  const store = openVaultStore(pool);
  const kek = wrappingKey(openKeyFolder(dataDir).wrappingKey());
  const keys = new TenantKeys({ store, kek, clock });
  const files = new FileDesk({ store, keys, clock });
  const batches = new BatchDesk({ store, files, keys, clock, endpoints: BATCH_ENDPOINTS });
  return { store, keys, files, batches, responses: new ResponseDesk({ store, keys, clock }) };
}

/** Works at batches until it is closed; lines that run end first. */
export function keepBatches(vault: OpenVault, worker: string, parts: InferenceParts): { close(): Promise<void> } {
  const { store, files, batches: desk, keys } = vault;
  const ask = batchLineAsker(dialects, parts);
  const report = (cause: unknown) => void process.stderr.write(`gateway: batches: ${(cause as Error).message}\n`);
  const lines = new Set<Promise<void>>();
  const time = { clock: systemClock, timers: systemTimers };
  const tools = { store, files, desk, keys, ...time, worker, ask, running: lines, report };
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const round = async () => {
    const hadWork = await workAtBatches(tools).catch((cause: unknown) => {
      report(cause);
      return false;
    });
    if (!isClosed) timer = setTimeout(() => (running = round()), hadWork ? 0 : IDLE_MS);
  };
  running = round();
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
      await Promise.all(lines);
    },
  };
}
