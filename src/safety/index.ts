/**
 * Safety controls; first of them the detectors of personal data that step 3 joins into a request's class.
 * Promises: linear time, never throws, never returns content; finds only identifiers that prove themselves.
 * Called by: gateway. Spec: src/safety/detect.ts says what is found and what is not.
 */
export { type Detection, detect, type FindingKind } from './detect.ts';
export { detectInTurns, isLong } from './detect-in-turns.ts';
