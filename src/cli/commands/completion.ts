import { type Command, WrongUsage } from '../command.ts';
import { bashCompletion, fishCompletion, zshCompletion } from '../completion.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** Knows all commands, itself included, only once they are all there. */
export function completionCommand(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'print the completion script of a shell',
    usage: ['completion bash|zsh|fish'],
    examples: ['source <(./polity completion bash)', './polity completion fish | source'],
    options: {},
    wordsMax: 1,
    exitCodes: { 0: 'printed', 2: 'the command line is wrong' },
    run: async ({ words, output }) => {
      const [shell = ''] = words;
      if (!Object.hasOwn(scripts, shell))
        throw new WrongUsage('name the shell: `./polity completion bash`, `zsh` or `fish`');
      output.out(scripts[shell as keyof typeof scripts](commands()).trimEnd());
      return 0;
    },
  };
}
