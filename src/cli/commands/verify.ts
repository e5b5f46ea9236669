import { type Command, jsonOption, textOf } from '../command.ts';
import { runVerify } from '../verify-run.ts';

const DEFAULT_URL = 'http://localhost:8080';

/** Where the public side is: `--url`, else what the environment says of the instance. */
export function publicUrl(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const url =
    given ?? environment.PUBLIC_URL ?? (environment.PORT ? `http://localhost:${environment.PORT}` : DEFAULT_URL);
  return url.replace(/\/$/, '');
}

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'check a receipt or a whole log with public bytes and public keys alone',
  usage: [
    'verify <receipt file or id> [--request <file>] [--answer <file>] [--text <file>]',
    'verify --log <family or name> [--folder <folder>] [--checkpoint <file>]',
    'verify … [--url <address>] [--trust <file>] [--json]',
  ],
  examples: [
    './polity verify receipt.json',
    './polity verify receipt.json --trust polity.json --text answer.txt',
    './polity verify --log decisions',
    './polity verify --log decisions --folder exported --checkpoint last-week',
  ],
  options: {
    log: {
      type: 'string',
      describe: 'check a whole log: a family such as decisions, or a name such as decisions-2026h2',
    },
    url: {
      type: 'string',
      describe: `address of the service; without it PUBLIC_URL, else ${DEFAULT_URL}, or its port in PORT`,
    },
    folder: { type: 'string', describe: 'an exported log instead of a running service' },
    trust: {
      type: 'string',
      describe: 'file with /.well-known/polity of the service: then the check needs no network',
    },
    checkpoint: { type: 'string', describe: 'file with an older checkpoint, which this log must continue' },
    request: { type: 'string', describe: 'file with the exact bytes that were asked' },
    answer: { type: 'string', describe: 'file with the exact bytes that were answered' },
    text: { type: 'string', describe: 'file with the text of the answer' },
    json: jsonOption,
  },
  wordsMax: 1,
  exitCodes: {
    0: 'proven',
    1: 'does not verify; the place is named',
    2: 'the command line is wrong',
    4: 'promised, not yet proven',
  },
  run({ words, options, output, environment }) {
    const text = (name: string) => textOf(options, name);
    return runVerify(
      {
        receipt: words[0],
        log: text('log'),
        url: publicUrl(text('url'), environment),
        folder: text('folder'),
        trust: text('trust'),
        checkpoint: text('checkpoint'),
        said: { 'request/wire': text('request'), 'answer/wire': text('answer'), 'answer/text/0': text('text') },
        json: options.json === true,
      },
      output,
    );
  },
};
