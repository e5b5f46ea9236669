import type { Catalog } from './message-store.ts';

/** One chunk for each feature and language. */
export const messageFiles = import.meta.glob<{ default: Catalog }>([
  '../../{assistant,console,public}/messages/*.json',
  '../../console/{law,playground,usage}/messages/*.json',
  '../{receipt,shell}/messages/*.json',
]);
