import type { Output } from './charter-output.ts';
import type { Command } from './command.ts';

/** The list of all commands. */
export function printOverview(commands: readonly Command[], output: Output): void {
  output.out('usage: ./polity <command> [options]');
  output.out('');
  for (const line of columns(commands.map(({ name, summary }) => [name, summary]))) output.out(line);
  output.out('');
  output.out('`./polity help <command>` tells more. POLITY_DATA names the data folder, POLITY_CHARTER the charter.');
}

/** Usage, options, examples and exit codes of one command. */
export function printCommandHelp(command: Command, output: Output): void {
  output.out(`${command.name}: ${command.summary}`);
  const usage = command.usage.map((line) => `  ./polity ${line}`);
  const options = Object.entries({ ...command.options, help: helpOption }).map(([name, option]) => [
    `${option.short === undefined ? '' : `-${option.short}, `}--${name}${option.type === 'string' ? ' <text>' : ''}`,
    option.multiple === true ? `${option.describe} (may be repeated)` : option.describe,
  ]);
  const sections: readonly [string, readonly string[]][] = [
    ['usage', usage],
    ['options', columns(options)],
    ['examples', command.examples.map((example) => `  ${example}`)],
    ['exit codes', columns(Object.entries(command.exitCodes))],
  ];
  for (const [title, lines] of sections) {
    output.out('');
    output.out(`${title}:`);
    for (const line of lines) output.out(line);
  }
}

const helpOption: Command['options'][string] = { type: 'boolean', short: 'h', describe: 'this text' };

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first?.length ?? 0));
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`.trimEnd());
}
