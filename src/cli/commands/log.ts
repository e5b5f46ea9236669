import { type Command, type CommandContext, jsonOption, WrongUsage } from '../command.ts';
import { runLog } from '../log-run.ts';
import { urlOf } from './verify.ts';

const url = { type: 'string', describe: 'the service that publishes the logs; PUBLIC_URL without it' } as const;
const exitCodes = { 0: 'done', 1: 'refused, or not reached', 2: 'the command line is wrong' };

function run(verb: string): (context: CommandContext) => Promise<number> {
  return ({ words, options, environment, output }) =>
    runLog({ words: [verb, ...words], url: urlOf(options, environment), json: options.json === true }, output);
}

export const logCommands: readonly Command[] = [
  {
    name: 'log list',
    summary: 'list the public logs of a service',
    usage: ['log list [--url <address>] [--json]'],
    examples: ['./polity log list', './polity log list --url https://ai.example.org'],
    options: { url, json: jsonOption },
    wordsMax: 0,
    exitCodes,
    run: run('list'),
  },
  {
    name: 'log export',
    summary: 'write a public log with its keys into a folder, or go on where an earlier export stopped',
    usage: ['log export <name> <folder> [--url <address>] [--json]'],
    examples: ['./polity log export decisions mirror && ./polity verify --log decisions --folder mirror'],
    options: { url, json: jsonOption },
    wordsMax: 2,
    exitCodes,
    run: async (context) => {
      if (context.words.length !== 2)
        throw new WrongUsage('name a log and a folder: `./polity log export decisions mirror`');
      return await run('export')(context);
    },
  },
];
