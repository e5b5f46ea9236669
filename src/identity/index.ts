/**
 * Who asks: API keys, the administrator link, sessions, roles.
 * Promises: secrets are shown once and kept as hashes only; a link works once; a revoked key is dead within a second.
 * Called by: gateway (through ports), api, store, processes, cli. Spec: docs/decisions/0016-keys-and-links.md.
 */
export { checkOrigin } from './check-origin.ts';
export { type CreatedKey, createKey, KeyWish } from './create-key.ts';
export { identityControl } from './identity-control.ts';
export { couldBeKey, hashSecret, inspectKeySecret, makeKeySecret } from './key-secret.ts';
export { revokeKey } from './revoke-key.ts';
export { createAdminLink, openSessionDesk } from './session-desk.ts';
