import { readEnvironment } from '../../kit/index.ts';
import type { Output } from '../charter-output.ts';
import { type Command, type CommandContext, jsonOption, textOf } from '../command.ts';
import { type ModelsArguments, type PullHooks, runModelsList, runModelsPull } from '../models-run.ts';

const charterOption = { type: 'string', describe: 'the folder of the charter; POLITY_CHARTER without it' } as const;

function argumentsOf({ environment, options }: CommandContext): ModelsArguments {
  const settings = readEnvironment(environment);
  const charterFolder = textOf(options, 'charter') ?? settings.charterFolder;
  return { settings: { ...settings, charterFolder }, environment, json: options.json === true };
}

/** On a terminal one line that renews itself; elsewhere lines, and few. */
function hooksFor(id: string | undefined, output: Output): PullHooks {
  const { stderr } = process;
  if (!stderr.isTTY) return { id, output, progress: output.err, progressEveryMs: 5_000 };
  const clear = () => void stderr.write('\r\u001b[K');
  return {
    id,
    output: {
      out: output.out,
      err: (line) => {
        clear();
        output.err(line);
      },
    },
    progress: (text) => {
      clear();
      stderr.write(text);
    },
    progressEveryMs: 200,
  };
}

export const modelsCommands: readonly Command[] = [
  {
    name: 'models list',
    summary: 'list the models worth running that the charter names: licence, languages, hardware, whose files are here',
    usage: ['models list [--charter <folder>] [--json]'],
    examples: ['./polity models list'],
    options: { charter: charterOption, json: jsonOption },
    wordsMax: 0,
    exitCodes: { 0: 'listed', 1: 'the charter has mistakes', 2: 'the command line is wrong' },
    run: async (context) => runModelsList(argumentsOf(context), context.output),
  },
  {
    name: 'models pull',
    summary: 'bring the file of a model, the embedded one without an id, and check its digest',
    usage: ['models pull [<id>] [--charter <folder>] [--json]'],
    examples: ['./polity models pull', './polity models pull smollm2-135m-instruct'],
    options: { charter: charterOption, json: jsonOption },
    wordsMax: 1,
    exitCodes: {
      0: 'the file is here and right',
      1: 'no source had it; each is named',
      2: 'the command line is wrong',
    },
    run: (context) => runModelsPull(argumentsOf(context), hooksFor(context.words[0], context.output)),
  },
];
