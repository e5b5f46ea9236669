import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from '../../kit/index.ts';
import { type Command, type OptionValues, textOf } from '../command.ts';
import { startDetached } from '../start-detached.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const runner = join(import.meta.dirname, '../../../scripts/run.mjs');

export const startCommand: Command = {
  name: 'start',
  summary: 'run Polity in this terminal, or in the background with --detach',
  usage: ['start [--detach] [--workers <number>|auto] [--json]'],
  examples: ['./polity start', 'PORT=9000 ./polity start --detach', './polity start --workers auto'],
  options: {
    detach: {
      type: 'boolean',
      short: 'd',
      describe: 'return when it serves; its log is `logs/polity.log` in the data folder',
    },
    workers: {
      type: 'string',
      describe: 'gateway processes behind the port; `auto` is all cores but one; 1 without it',
    },
    json: { type: 'boolean', describe: 'one JSON object a line for programs; the last one is the event `ready`' },
  },
  wordsMax: 0,
  exitCodes: {
    0: 'ended in order, or serves in the background',
    1: 'it could not start',
    2: 'the command line is wrong',
  },
  run: async ({ options, environment, output }) => {
    if (options.detach !== true)
      return await startHere([...wordsFor(options), ...(options.json === true ? ['--json'] : [])]);
    const start = { runner, words: wordsFor(options), json: options.json === true };
    return await startDetached(start, { dataDir: readEnvironment(environment).dataDir, output });
  },
};

function wordsFor(options: OptionValues): string[] {
  const workers = textOf(options, 'workers');
  return workers === undefined ? [] : ['--workers', workers];
}

/** Ends when the service does. Ctrl-C reaches it by itself too; it counts two that come together as one. */
async function startHere(words: readonly string[]): Promise<number> {
  // The channel carries nothing: it closes when we are killed, and the service then ends in order.
  const child = spawn(process.execPath, [runner, 'start', ...words], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  const leave = () => child.kill('SIGTERM');
  for (const signal of signals) process.on(signal, pass);
  process.once('disconnect', leave);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const signal of signals) process.off(signal, pass);
    // Its listener would keep this process from ending.
    process.off('disconnect', leave);
  }
}
