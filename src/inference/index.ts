/**
 * Models: the port through which the path calls them, upstreams over HTTP, the embedded model, the catalogue.
 * Promises: upstreams come from the charter alone, no redirect is followed, an abort frees the model at once;
 * no file is used before its digest is right.
 * Called by: gateway (through ports), processes, cli. Spec: docs/decisions/0014-model-process.md, 0023-providers.md.
 */
export { BackendTally } from './backend-tally.ts';
export { type Fetched, type FetchStep, fetchModel } from './catalogue/fetch-model.ts';
export { describeSpeed } from './describe-speed.ts';
export { type Engine, openEngine } from './embedded/open-engine.ts';
export { type ModelState, serveModel } from './embedded/serve-model.ts';
export { lackOfSecret } from './lack-of-secret.ts';
export { openLocal } from './open-local.ts';
export { openUpstream } from './open-upstream.ts';
export { isOwnHost } from './private-address.ts';
export { openBackend } from './providers/open-backend.ts';
