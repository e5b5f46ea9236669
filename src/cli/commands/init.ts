import { type Command, textOf, WrongUsage } from '../command.ts';
import { runInit } from '../init-charter.ts';

export const initCommand: Command = {
  name: 'init',
  summary: 'write a draft charter for a country; asks nothing and overwrites nothing',
  usage: ['init <country> [--folder <path>]'],
  examples: ['./polity init Iceland', './polity init KE --folder ../our-charter'],
  options: { folder: { type: 'string', describe: 'where to write; charters/<country> without it' } },
  wordsMax: 8,
  exitCodes: { 0: 'written', 1: 'refused; nothing was written', 2: 'the command line is wrong' },
  run: async ({ words, options, output }) => {
    if (words.length === 0)
      throw new WrongUsage('name a country, such as `./polity init Iceland` or `./polity init IS`');
    return runInit({ country: words.join(' '), folder: textOf(options, 'folder') }, output);
  },
};
