/**
 * Who asks: API keys, the administrator link, sessions, roles.
 * Promises: secrets are shown once and kept as hashes only; a link works once; a revoked key is dead within a second.
 * Called by: gateway (through ports), api, store, processes, cli. Spec: docs/decisions/0016-keys-and-links.md.
 */
export { checkOrigin, type OriginHeaders } from './check-origin.ts';
export { type CreatedKey, createKey, type KeyContext, KeyWish } from './create-key.ts';
export { type IdentityControl, type IdentityControlParts, identityControl } from './identity-control.ts';
export { hashSecret, inspectKeySecret } from './key-secret.ts';
export { revokeKey } from './revoke-key.ts';
export { type Action, demand, may } from './roles.ts';
export { createAdminLink, openSessionDesk, type SignInContext } from './session-desk.ts';
