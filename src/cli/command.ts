import type { Output } from './charter-output.ts';

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
  readonly describe: string;
}

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export interface CommandContext {
  /** What stands behind the command's name, without options. */
  readonly words: readonly string[];
  readonly options: OptionValues;
  readonly output: Output;
  /** `POST /<name>` of the running instance; rejects with its Problem, or with NothingRuns. */
  readonly ask: (name: string, body: unknown) => Promise<unknown>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  /** One or two words, such as `keys create`. */
  readonly name: string;
  /** One line for the list of all commands. */
  readonly summary: string;
  /** What stands behind `./polity`. */
  readonly usage: readonly string[];
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** The most words that may follow the name. */
  readonly wordsMax: number;
  readonly exitCodes: Readonly<Record<number, string>>;
  run(context: CommandContext): Promise<number>;
}

/** A command line that no command understands. Exit code 2. */
export class WrongUsage extends Error {}

/** No instance answers on the data folder. Exit code 3. */
export class NothingRuns extends Error {
  constructor(dataDir: string) {
    super(`nothing runs on ${dataDir}: start it with \`npm start\``);
  }
}

export const jsonOption: CommandOption = { type: 'boolean', describe: 'one JSON document for programs' };

/** Codes of every command that asks the running instance. */
export const askingCodes: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'refused; the reason is on standard error',
  2: 'the command line is wrong',
  3: 'nothing runs on the data folder',
};

/** The value of an option that takes text and is given once. */
export function textOf(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
