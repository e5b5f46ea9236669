import { askingCodes, type Command, type CommandContext, jsonOption } from '../command.ts';
import { runKeys } from '../keys-run.ts';
import { type KeyOptions, keyLimits } from '../keys-wish.ts';

function run(verb: string): (context: CommandContext) => Promise<number> {
  return ({ words, options, ask, output }) =>
    runKeys({ words: [verb, ...words], options: options as KeyOptions, ask, nowMs: Date.now() }, output);
}

/** A limit of one key, by what it counts: each is an option of its own. */
const limitOptions = Object.fromEntries(
  Object.entries(keyLimits).map(([name, { describe }]) => [
    name,
    { type: 'string' as const, describe: `limit ${describe}` },
  ]),
);

export const keysCommands: readonly Command[] = [
  {
    name: 'keys create',
    summary: 'make an API key for a tenant; the key alone is written to standard output',
    usage: ['keys create --tenant <id> --purpose <id> [options]'],
    examples: [
      'export POLITY_API_KEY=$(./polity keys create --tenant agency --purpose drafting)',
      './polity keys create --tenant agency --purpose drafting --expires 90d --money-per-month 50',
      './polity keys create --tenant agency --project chat-pilot --purpose drafting',
    ],
    options: {
      tenant: { type: 'string', describe: 'an id of tenants.yaml' },
      purpose: { type: 'string', multiple: true, describe: 'ids of purposes, with commas between them' },
      project: { type: 'string', describe: 'of the tenant: for its limits, and to count usage apart' },
      name: { type: 'string', describe: 'what the key is for, to find it again' },
      level: { type: 'string', describe: 'classification of requests that declare none' },
      role: { type: 'string', describe: 'caller, administrator, operator or auditor; caller without it' },
      expires: { type: 'string', describe: 'days or a date, such as 90d or 2027-12-31' },
      ...limitOptions,
      json: jsonOption,
    },
    wordsMax: 0,
    exitCodes: askingCodes,
    run: run('create'),
  },
  {
    name: 'keys list',
    summary: 'list the keys; never their secrets',
    usage: ['keys list [--tenant <id>] [--json]'],
    examples: ['./polity keys list', './polity keys list --tenant agency --json'],
    options: { tenant: { type: 'string', describe: 'only keys of this tenant' }, json: jsonOption },
    wordsMax: 0,
    exitCodes: askingCodes,
    run: run('list'),
  },
  {
    name: 'keys revoke',
    summary: 'end a key within a second',
    usage: ['keys revoke <key id> [--json]'],
    examples: ['./polity keys revoke key_0123456789ab'],
    options: { json: jsonOption },
    wordsMax: 1,
    exitCodes: askingCodes,
    run: run('revoke'),
  },
];
