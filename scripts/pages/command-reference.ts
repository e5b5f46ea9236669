import type { Command } from '../../src/cli/command.ts';
import { allCommands } from '../../src/cli/commands/all-commands.ts';

/** `docs/spec/commands.md`: what `./polity help` says, of every command on one page. */
export function commandReferencePage(): string {
  const contents = allCommands.map(({ name, summary }) => `| [\`${name}\`](#${anchorOf(name)}) | ${cell(summary)} |`);
  return `${opening}\n| Command | Does |\n|---|---|\n${contents.join('\n')}\n\n${allCommands.map(describe).join('\n')}`;
}

const opening = `# Commands

\`./polity <command>\` in the clone, from any folder. Each says the same with \`--help\`; this page is made by
\`npm run docs\` from the commands themselves.

A command finds the running instance by its data folder: give it the same \`POLITY_DATA\` as \`npm start\`, and the same \`PORT\` where
it asks over HTTP. [README](../../README.md#settings) has every variable. With \`--json\` standard output is one JSON document
(\`start\`: one object a line); words for people and reasons of refusals go to standard error. Ids of tenants and purposes are those of the
[charter](charter.md) in force.
`;

function anchorOf(name: string): string {
  return name.replaceAll(' ', '-');
}

/** A bar would end the cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function describe({ name, summary, usage, options, examples, exitCodes }: Command): string {
  const rows = Object.entries(options).map(([option, { type, short, multiple, describe: what }]) => {
    const form = `${short === undefined ? '' : `-${short}, `}--${option}${type === 'string' ? ' <text>' : ''}`;
    return `| \`${form}\` | ${cell(what)}${multiple === true ? ' (may be repeated)' : ''} |`;
  });
  const table = rows.length === 0 ? '' : `| Option | Means |\n|---|---|\n${rows.join('\n')}\n\n`;
  const codes = Object.entries(exitCodes).map(([code, what]) => `${code} ${what}`);
  const block = (lines: readonly string[]) => `\`\`\`\n${lines.join('\n')}\n\`\`\`\n\n`;
  return `## ${name}

${summary[0]?.toUpperCase()}${summary.slice(1)}.

${block(usage.map((line) => `./polity ${line}`))}${table}For example:

${block(examples)}Exit codes: ${codes.join('; ')}.
`;
}
