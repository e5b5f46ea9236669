import type { AdoptionReport } from '../../charter/index.ts';
import { readEnvironment } from '../../kit/index.ts';
import { runCharterApply } from '../charter-apply.ts';
import { runCharterCheck } from '../charter-check.ts';
import { runCharterExplain } from '../charter-explain.ts';
import { type Command, type CommandContext, jsonOption, textOf } from '../command.ts';

function folderOf({ words, environment }: CommandContext): string {
  return words[0] ?? readEnvironment(environment).charterFolder;
}

export const charterCommands: readonly Command[] = [
  {
    name: 'charter check',
    summary: 'find every mistake in a charter; needs no running instance',
    usage: ['charter check [<folder>] [--json]'],
    examples: ['./polity charter check', './polity charter check charters/estonia --json'],
    options: { json: jsonOption },
    wordsMax: 1,
    exitCodes: { 0: 'valid', 1: 'mistakes; each is on standard error with its place', 2: 'the command line is wrong' },
    run: async (context) =>
      runCharterCheck({ folder: folderOf(context), json: context.options.json === true }, context.output),
  },
  {
    name: 'charter explain',
    summary: 'print a charter as prose that a lawyer can read; needs no running instance',
    usage: ['charter explain [<folder>] [--language <tag>]'],
    examples: ['./polity charter explain', './polity charter explain charters/estonia --language et > charter.md'],
    options: {
      language: {
        type: 'string',
        short: 'l',
        describe: 'of names and of the sentences of policies, where the charter has it, such as et; en without it',
      },
    },
    wordsMax: 1,
    exitCodes: { 0: 'printed', 1: 'the charter has mistakes', 2: 'the command line is wrong' },
    run: async (context) =>
      runCharterExplain({ folder: folderOf(context), language: textOf(context.options, 'language') }, context.output),
  },
  {
    name: 'charter apply',
    summary: 'bring a charter into force on the running instance',
    usage: ['charter apply [<folder>] [--json]'],
    examples: ['./polity charter apply', './polity charter apply charters/estonia'],
    options: { json: jsonOption },
    wordsMax: 1,
    exitCodes: {
      0: 'in force on every gateway',
      1: 'mistakes; the charter in force stays',
      2: 'kept and waiting for signatures, or the command line is wrong',
      3: 'nothing runs on the data folder',
    },
    run: (context) =>
      runCharterApply(
        {
          folder: folderOf(context),
          json: context.options.json === true,
          apply: async (body) => (await context.ask('charter/apply', body)) as AdoptionReport,
        },
        context.output,
      ),
  },
];
