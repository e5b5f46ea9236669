import { askingCodes, type Command, type CommandContext, jsonOption, textOf, WrongUsage } from '../command.ts';
import { runKnowledgeAdd, runKnowledgeEval, runKnowledgeList } from '../knowledge-run.ts';

const saidOf = ({ ask, output, options }: CommandContext) => ({ ask, output, json: options.json === true });

export const knowledgeCommands: readonly Command[] = [
  {
    name: 'knowledge add',
    summary: 'index documents for quoted answers: a file `<language>/<id>.md` or a folder of them',
    usage: ['knowledge add <file or folder> [--json]'],
    examples: ['./polity knowledge add et/passport.md', './polity knowledge add our-services/'],
    options: { json: jsonOption },
    wordsMax: 1,
    exitCodes: { ...askingCodes, 1: 'a document has a mistake; its place is on standard error' },
    run: async (context) => {
      const [path] = context.words;
      if (path === undefined)
        throw new WrongUsage('say which file or folder: `./polity knowledge add <file or folder>`');
      return await runKnowledgeAdd(path, saidOf(context));
    },
  },
  {
    name: 'knowledge list',
    summary: 'list the documents that quoted answers come from',
    usage: ['knowledge list [--json]'],
    examples: ['./polity knowledge list'],
    options: { json: jsonOption },
    wordsMax: 0,
    exitCodes: askingCodes,
    run: (context) => runKnowledgeList(saidOf(context)),
  },
  {
    name: 'knowledge eval',
    summary: 'ask the known questions of the collection: how often the right service comes first, what is refused',
    usage: ['knowledge eval [--questions <folder>] [--language <tag>] [--failures] [--json]'],
    examples: ['./polity knowledge eval', './polity knowledge eval --language et --failures'],
    options: {
      questions: {
        type: 'string',
        describe: 'a folder of questions that were not used while building, such as held-out',
      },
      language: { type: 'string', short: 'l', describe: 'only this language, such as et' },
      failures: { type: 'boolean', describe: 'list the questions that went wrong' },
      json: jsonOption,
    },
    wordsMax: 0,
    exitCodes: askingCodes,
    run: (context) =>
      runKnowledgeEval(
        {
          language: textOf(context.options, 'language'),
          questions: textOf(context.options, 'questions'),
          failures: context.options.failures === true,
        },
        saidOf(context),
      ),
  },
];
