import { parseArgs } from 'node:util';
import { type EnvironmentSettings, readEnvironment, wholeNumber } from '../kit/index.ts';

/** What the environment and the command line decide. Everything else is in the charter. */
export interface Settings extends EnvironmentSettings {
  readonly workers: number;
  /** One JSON object a line on standard output instead of sentences. */
  readonly json: boolean;
}

const WORKERS_MAX = 64;

/** @throws Problem that names the variable, what it holds and what it should */
export function readSettings(environment: NodeJS.ProcessEnv, words: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...words],
    options: { json: { type: 'boolean', default: false }, workers: { type: 'string', default: '1' } },
  });
  return {
    ...readEnvironment(environment),
    workers: wholeNumber('--workers', values.workers, WORKERS_MAX),
    json: values.json,
  };
}
