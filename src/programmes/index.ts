/**
 * Ecosystem support; first of it the quotas that every request reserves from, settles and lets expire.
 * Promises: all processes together never exceed a limit; no SQL while a slice has room; a dead process leaks nothing.
 * Called by: gateway (through ports), store, processes. Spec: docs/decisions/0015-quota-leases.md.
 */
export { LeaseQuota } from './lease-quota.ts';
