import { runAdmin } from '../admin-run.ts';
import { askingCodes, type Command, jsonOption, textOf } from '../command.ts';

export const adminCommands: readonly Command[] = [
  {
    name: 'admin link',
    summary: 'make a link that signs one browser in, once, within 15 minutes',
    usage: ['admin link [--role <role>] [--json]'],
    examples: ['./polity admin link', './polity admin link --role auditor'],
    options: {
      role: { type: 'string', describe: 'administrator, operator or auditor; administrator without it' },
      json: jsonOption,
    },
    wordsMax: 0,
    exitCodes: askingCodes,
    run: ({ words, options, ask, output }) =>
      runAdmin(
        { words: ['link', ...words], options: { role: textOf(options, 'role'), json: options.json === true }, ask },
        output,
      ),
  },
];
