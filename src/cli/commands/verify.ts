import { readEnvironment } from '../../kit/index.ts';
import { type Command, jsonOption, type OptionValues, textOf, WrongUsage } from '../command.ts';
import { runVerify } from '../verify-run.ts';

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'check a receipt, or a whole log, with public keys alone',
  usage: [
    'verify <receipt file or id> [--trust <file>] [--said <subject>=<file>]',
    'verify --log <name> [--folder <path>]',
  ],
  examples: [
    './polity verify receipt.json',
    './polity verify receipt.json --said answer/text/0=answer.txt',
    './polity verify --log decisions --url https://ai.example.org',
  ],
  options: {
    log: { type: 'string', describe: 'a log or a family of logs, such as decisions, instead of a receipt' },
    url: { type: 'string', describe: 'the service that publishes keys and logs; PUBLIC_URL without it' },
    folder: { type: 'string', describe: 'a log that `log export` wrote, instead of the one online' },
    trust: { type: 'string', describe: 'a file with its /.well-known/polity: then nothing is asked of anybody' },
    checkpoint: { type: 'string', describe: 'a file with an older checkpoint, which must be a beginning of the log' },
    said: { type: 'string', multiple: true, describe: 'what you have of the conversation, as <subject>=<file>' },
    json: jsonOption,
  },
  wordsMax: 1,
  exitCodes: {
    0: 'proven',
    1: 'it does not verify, or could not be read',
    2: 'the command line is wrong',
    4: 'promised: signed, but its entry is not in the published log yet',
  },
  run: async ({ words, options, environment, output }) => {
    const log = textOf(options, 'log');
    if (words.length === 0 && log === undefined) {
      throw new WrongUsage('name a file with a receipt, or a log: `./polity verify --log decisions`');
    }
    const args = {
      receipt: words[0],
      log,
      url: urlOf(options, environment),
      folder: textOf(options, 'folder'),
      trust: textOf(options, 'trust'),
      checkpoint: textOf(options, 'checkpoint'),
      said: readSaid(options.said),
      json: options.json === true,
    };
    return await runVerify(args, output);
  },
};

/** Without a slash at its end, so that paths can follow. */
export function urlOf(options: OptionValues, environment: Readonly<Record<string, string | undefined>>): string {
  return (textOf(options, 'url') ?? readEnvironment(environment).publicUrl).replace(/\/+$/, '');
}

function readSaid(values: OptionValues[string]): Record<string, string> {
  const said: Record<string, string> = {};
  for (const value of Array.isArray(values) ? (values as readonly string[]) : []) {
    const [, subject, file] = /^([^=]+)=(.+)$/.exec(value) ?? [];
    if (subject === undefined || file === undefined) {
      throw new WrongUsage(`\`--said\` takes a subject and a file, such as answer/text/0=answer.txt, not \`${value}\``);
    }
    said[subject] = file;
  }
  return said;
}
