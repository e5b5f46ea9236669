import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type EnvironmentSettings, Problem, readEnvironment } from '../kit/index.ts';

/** What the environment and the command line decide. Everything else is in the charter. */
export interface Settings extends EnvironmentSettings {
  readonly workers: number;
  /** One JSON object a line on standard output instead of sentences. */
  readonly json: boolean;
}

const WORKERS_MAX = 64;

/** @throws Problem that names the variable or option, what it holds and what it should */
export function readSettings(environment: NodeJS.ProcessEnv, words: readonly string[]): Settings {
  const { json, workers } = readOptions(words);
  return { ...readEnvironment(environment), workers: readWorkers(workers), json };
}

function readOptions(words: readonly string[]): { json: boolean; workers: string } {
  try {
    return parseArgs({
      args: [...words],
      options: { json: { type: 'boolean', default: false }, workers: { type: 'string', default: '1' } },
    }).values;
  } catch (cause) {
    const { message } = cause as Error;
    throw new Problem('invalid-request', `${message.split('\n')[0]}; see \`./polity help start\``, { cause });
  }
}

function readWorkers(text: string): number {
  // One core is left to the database and the ledger, which have work with every request too.
  if (text === 'auto') return Math.min(WORKERS_MAX, Math.max(1, availableParallelism() - 1));
  const number = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= WORKERS_MAX) return number;
  throw new Problem(
    'invalid-request',
    `--workers is \`${text}\`; write a whole number from 1 to ${WORKERS_MAX}, or \`auto\` for all cores but one`,
  );
}
