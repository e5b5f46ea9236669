import { readFileSync } from 'node:fs';
import { Problem, readEnvironment } from '../kit/index.ts';
import type { Output } from './charter-output.ts';
import { type Command, NothingRuns, WrongUsage } from './command.ts';
import { allCommands } from './commands/all-commands.ts';
import { askControl } from './control-client.ts';
import { parseLine } from './parse-line.ts';
import { printCommandHelp, printOverview } from './print-help.ts';

export interface Invocation {
  readonly line: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly output: Output;
}

/** One command line from parsing to its exit code. The only place of the command line that catches. */
export async function runCommandLine(invocation: Invocation): Promise<number> {
  try {
    return await dispatch(invocation);
  } catch (cause) {
    const { output } = invocation;
    if (cause instanceof WrongUsage) return fail(output, cause.message, 2);
    if (cause instanceof NothingRuns) return fail(output, cause.message, 3);
    if (cause instanceof Problem) return fail(output, cause.message, 1);
    const { code, path, message } = cause as NodeJS.ErrnoException;
    if (code !== undefined && path !== undefined) return fail(output, `\`${path}\` cannot be used: ${message}`, 1);
    output.err(`polity: a fault of this program: ${(cause as Error).stack ?? cause}`);
    return 1;
  }
}

function fail(output: Output, line: string, code: number): number {
  output.err(`polity: ${line.replaceAll(/\s*\n\s*/g, ' ')}`);
  return code;
}

async function dispatch({ line, environment, output }: Invocation): Promise<number> {
  const parsed = parseLine(line, allCommands);
  if (parsed.kind === 'overview') printOverview(allCommands, output);
  else if (parsed.kind === 'version') output.out(readVersion());
  else if (parsed.kind === 'help') return printHelp(parsed, output);
  else {
    const { command, words, options } = parsed;
    const ask = (name: string, body: unknown) => askControl(readEnvironment(environment).dataDir, name, body);
    return await command.run({ words, options, output, ask, environment });
  }
  return 0;
}

function printHelp({ commands, isAsked }: { commands: readonly Command[]; isAsked: boolean }, output: Output): number {
  const [only] = commands;
  if (commands.length === 1 && only !== undefined) printCommandHelp(only, output);
  else printOverview(commands, isAsked ? output : { out: output.err, err: output.err });
  return isAsked ? 0 : 2;
}

function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}

/** The whole process of `./polity …`. */
export async function runCli(line: readonly string[]): Promise<void> {
  // `./polity keys list | head -1` closes the pipe early: that is no fault.
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => process.exit(cause.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await runCommandLine({
    line,
    environment: process.env,
    output: {
      out: (text) => void process.stdout.write(`${text}\n`),
      err: (text) => void process.stderr.write(`${text}\n`),
    },
  });
}
