import { setTimeout as pause } from 'node:timers/promises';
import { Problem, readEnvironment } from '../../kit/index.ts';
import { askingCodes, type Command, jsonOption, textOf, WrongUsage } from '../command.ts';
import { isAlive, readLockHolder } from '../data-lock.ts';

const LOOK_EVERY_MS = 100;
/** Gateways and the ledger have 15 s each to finish, PostgreSQL some more. */
const WAIT_SECONDS = '60';

export const stopCommand: Command = {
  name: 'stop',
  summary: 'end the running instance in order, and wait until it has ended',
  usage: ['stop [--wait <seconds>] [--json]'],
  examples: ['./polity stop'],
  options: {
    wait: { type: 'string', describe: `the longest to wait for its end, in seconds; ${WAIT_SECONDS} without it` },
    json: jsonOption,
  },
  wordsMax: 0,
  exitCodes: { ...askingCodes, 0: 'it has ended', 1: 'it has not ended in time' },
  run: async ({ options, environment, ask, output }) => {
    const wait = textOf(options, 'wait') ?? WAIT_SECONDS;
    if (!/^\d{1,5}$/.test(wait)) throw new WrongUsage(`\`--wait\` takes whole seconds, not \`${wait}\``);
    const { dataDir } = readEnvironment(environment);
    const pid = readLockHolder(dataDir)?.pid;
    await ask('stop', {});
    const deadlineMs = performance.now() + Number(wait) * 1000;
    while (readLockHolder(dataDir)?.pid === pid && pid !== undefined && isAlive(pid)) {
      if (performance.now() > deadlineMs) {
        throw new Problem(
          'internal',
          `process ${pid} still runs after ${wait} s; look at its log, then end it with \`kill ${pid}\``,
        );
      }
      await pause(LOOK_EVERY_MS);
    }
    output.out(options.json === true ? JSON.stringify({ stopped: true, pid }) : 'stopped');
    return 0;
  },
};
