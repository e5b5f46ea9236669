import { askingCodes, type Command, textOf } from '../command.ts';

export const usageCommand: Command = {
  name: 'usage',
  summary:
    'what was used: requests, tokens, money, energy and CO2 by day, tenant, project, key, purpose, model or backend',
  usage: [
    'usage [--from <day>] [--to <day>] [--every day|all] [--by <groups>] [--tenant <id>]',
    'usage … [--format table|csv|focus|json] [--json]',
  ],
  examples: [
    './polity usage',
    './polity usage --by tenant,model --every all --from 2026-11-01 --to 2026-11-30',
    './polity usage --format focus --from 2026-11-01 --to 2026-11-30 > november.csv',
  ],
  options: {
    from: { type: 'string', describe: 'first day (UTC), such as 2026-11-01; 30 days without it' },
    to: { type: 'string', describe: 'last day (UTC); today without it' },
    every: { type: 'string', describe: 'day, or all for the whole range as one; day without it' },
    by: { type: 'string', describe: 'tenant, project, key, purpose, model, backend, with commas; tenant without it' },
    tenant: { type: 'string', describe: 'only of this tenant' },
    format: {
      type: 'string',
      describe: 'table, csv, focus (FinOps Open Cost and Usage 1.2, as CSV) or json; table without it',
    },
    json: { type: 'boolean', describe: 'the same as --format json' },
  },
  wordsMax: 0,
  exitCodes: askingCodes,
  async run({ options, ask, output }) {
    const wish = Object.fromEntries(
      ['from', 'to', 'every', 'by', 'tenant', 'format'].map((name) => [name, textOf(options, name)]),
    );
    if (options.json === true) wish.format ??= 'json';
    const { text } = (await ask('usage', wish)) as { readonly text: string };
    for (const line of text.replace(/\r?\n$/, '').split(/\r?\n/)) output.out(line);
    return 0;
  },
};
