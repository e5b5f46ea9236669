import { Problem } from '../kit/index.ts';
import type { KeyRecord, KeyStore } from './ports.ts';

/** Every process drops the key as soon as it hears of it, at most a second later. */
export async function revokeKey(id: string, context: { store: KeyStore; nowMs: number }): Promise<KeyRecord> {
  const key = await context.store.revoke(id, context.nowMs);
  if (key === null) {
    throw new Problem('not-found', `there is no key \`${id}\`; \`./polity keys list\` shows the ids`);
  }
  return key;
}
