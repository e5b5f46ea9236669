/**
 * What tenants leave with the service: files, batches, the state of responses.
 * Promises: it belongs to its tenant and looks to everybody else like what never was; content is sealed under the
 * tenant's key; it is kept as long as the purpose allows and no longer.
 * Called by: api, gateway (through ports), store (through ports), processes. Spec: docs/decisions/0026-vault.md.
 */
export { BatchDesk } from './batch-desk.ts';
export type { LineAnswer, LineAsker } from './batch-work.ts';
export { FileDesk, type Incoming, type Received } from './file-desk.ts';
export { ResponseDesk } from './response-desk.ts';
export { workAtBatches } from './run-batches.ts';
export { TenantKeys } from './tenant-keys.ts';
