/**
 * Models: the port through which the path calls them, upstreams over HTTP, the embedded model, the catalogue.
 * Promises: upstreams come from the charter alone, no redirect is followed, an abort frees the model at once.
 * Called by: gateway (through ports), processes, cli. Spec: docs/decisions/0014-model-process.md.
 */
export { openUpstream, type UpstreamOptions } from './open-upstream.ts';
export { resolveSecret } from './resolve-secret.ts';
