import { readEnvironment } from '../../kit/index.ts';
import { type Command, type CommandContext, jsonOption } from '../command.ts';
import { type ModelsArguments, runModelsList, runModelsPull } from '../models-run.ts';

function argumentsOf({ environment, options }: CommandContext): ModelsArguments {
  return { settings: readEnvironment(environment), environment, json: options.json === true };
}

export const modelsCommands: readonly Command[] = [
  {
    name: 'models list',
    summary: "list the charter's models and whose files are here; needs no running instance",
    usage: ['models list [--json]'],
    examples: ['./polity models list'],
    options: { json: jsonOption },
    wordsMax: 0,
    exitCodes: { 0: 'listed', 1: 'the charter has mistakes', 2: 'the command line is wrong' },
    run: async (context) => runModelsList(argumentsOf(context), context.output),
  },
  {
    name: 'models pull',
    summary: 'bring the file of a model, the embedded one without an id, and check its digest',
    usage: ['models pull [<id>] [--json]'],
    examples: ['./polity models pull', './polity models pull smollm2-135m-instruct'],
    options: { json: jsonOption },
    wordsMax: 1,
    exitCodes: {
      0: 'the file is here and right',
      1: 'no source had it; each is named',
      2: 'the command line is wrong',
    },
    run: (context) => runModelsPull(argumentsOf(context), { id: context.words[0], output: context.output }),
  },
];
