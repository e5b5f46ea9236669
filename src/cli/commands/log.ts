import { type Command, type CommandContext, jsonOption, textOf } from '../command.ts';
import { runLog } from '../log-run.ts';
import { publicUrl } from './verify.ts';

const url = {
  type: 'string',
  describe: 'address of the service; without it PUBLIC_URL, else http://localhost:8080, or its port in PORT',
} as const;
const exitCodes = { 0: 'done', 1: 'not possible; the reason is on standard error', 2: 'the command line is wrong' };

function run(verb: string): (context: CommandContext) => Promise<number> {
  return ({ words, options, output, environment }) =>
    runLog(
      { words: [verb, ...words], url: publicUrl(textOf(options, 'url'), environment), json: options.json === true },
      output,
    );
}

export const logCommands: readonly Command[] = [
  {
    name: 'log list',
    summary: 'list the logs of a service',
    usage: ['log list [--url <address>] [--json]'],
    examples: ['./polity log list'],
    options: { url, json: jsonOption },
    wordsMax: 0,
    exitCodes,
    run: run('list'),
  },
  {
    name: 'log export',
    summary: 'write one checkpoint of a log and exactly its tiles into a folder',
    usage: ['log export <name> <folder> [--url <address>] [--json]'],
    examples: ['./polity log export decisions-2026h2 exported', './polity verify --log decisions --folder exported'],
    options: { url, json: jsonOption },
    wordsMax: 2,
    exitCodes,
    run: run('export'),
  },
];
