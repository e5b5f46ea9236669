import type { EnvironmentSettings } from '../kit/index.ts';
import type { Output } from './charter-output.ts';
import type { AskControl } from './keys-run.ts';

/** An option as `node:util`'s parseArgs reads it, with the sentence that `--help` prints. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly multiple?: boolean;
  /** What `--help` writes for the value, such as `folder`. */
  readonly value?: string;
  readonly says: string;
}

export interface CommandContext {
  /** What follows the name of the command. */
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly output: Output;
  readonly settings: EnvironmentSettings;
  /** Asks the running instance. @throws NotRunning */
  readonly ask: AskControl;
}

/** One command of `./polity`; each has its file in `commands/`. */
export interface Command {
  readonly name: string;
  /** One line, in the list of all commands. */
  readonly summary: string;
  /** What may follow the name. */
  readonly usage: readonly string[];
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Beyond those that all commands share: 0 done, 1 not done, 2 wrong use, 3 nothing runs. */
  readonly exitCodes?: Readonly<Record<number, string>>;
  /** The words that may come first, for completion. */
  readonly verbs?: readonly string[];
  /** Resolves with the exit code. What stops it is thrown as a Problem. */
  run(context: CommandContext): Promise<number>;
}
