/**
 * Policy: the classification lattice, and the law of a charter compiled from two Cedar sets (red lines and law).
 * Promises: no permit or any error is a denial; red lines only forbid; the same facts give the same decision.
 * Called by: gateway (decide), processes and cli (check, compile). Spec: docs/spec/charter.md.
 */
export { checkCharter } from './check-charter.ts';
export { compileLaw } from './compile-law.ts';
export { join, type Lattice, latticeOf } from './lattice.ts';
export { readRedLineSets } from './read-red-lines.ts';
