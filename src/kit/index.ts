/**
 * What every folder may use: problems, time, ids, bytes, canonical JSON, digests, sealing under keys.
 * Promises: imports nothing of ours, keeps no state, and `bytes` and `canonical-json` run in a browser.
 * Called by: everything. Spec: RFC 8785 (canonical JSON), RFC 9457 (problems).
 */

export { Bag, type Bagged } from './bag.ts';
export { boundMarks } from './bound-marks.ts';
export { concat, equalBytes, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from './bytes.ts';
export { canonicalJson, type Json } from './canonical-json.ts';
export { type Clock, formatTime, systemClock, systemTimers, type Timer, type Timers } from './clock.ts';
export {
  keyedDigest,
  makeDataKey,
  unwrapDataKey,
  type WrappedKey,
  type WrappingKey,
  wrappingKey,
} from './data-key.ts';
export { sha256, sha256Hex } from './digest.ts';
export { endOfString } from './end-of-string.ts';
export { type Ids, randomIds } from './ids.ts';
export { JSON_ENTRIES_MAX, JSON_KEYS_MAX } from './json-bounds.ts';
export { type Measured, sumMeasured } from './measured.ts';
export { Problem, type ProblemBody, type ProblemExtras, problemBody } from './problem.ts';
export { type ProblemCode, type ProblemEntry, problems } from './problems.ts';
export { type EnvironmentSettings, readEnvironment } from './read-environment.ts';
export { type ExportSettings, exportOrigins, readTelemetry, type TelemetrySettings } from './read-telemetry.ts';
export { type RunFolder, runFolder } from './run-folder.ts';
export { type Place, seal, unseal } from './seal.ts';
export { Sensitive } from './sensitive.ts';
