/**
 * The charter: a country's declaration, read from a folder of small YAML files and Cedar policies.
 * Promises: every mistake is reported with its place; the digest is over exact bytes; a parsed charter is frozen.
 * Called by: policy, store, cli, processes, and every domain that reads a charter's types. Spec: docs/spec/charter.md.
 */
export { type Adoption, adoptCharter } from './adopt-charter.ts';
export { charterDigest } from './charter-digest.ts';
export { type CharterError, formatCharterError, sortCharterErrors } from './charter-error.ts';
export { positionOf } from './decode-text.ts';
export { describeIssuer } from './describe-issuer.ts';
export { explainCharter } from './explain-charter.ts';
export { findNearest } from './find-nearest.ts';
export { countryCodes, knownBlocs, ownLegalSpace, usualSlip } from './jurisdictions.ts';
export { parseCharter } from './parse-charter.ts';
export { listIgnoredFiles, readCharterFolder } from './read-charter-folder.ts';
export { type AdoptionReport, reportAdoption } from './report-adoption.ts';
