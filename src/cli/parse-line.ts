import { parseArgs } from 'node:util';
import { findNearest } from '../charter/index.ts';
import { type Command, type OptionValues, WrongUsage } from './command.ts';

export type ParsedLine =
  | { readonly kind: 'overview' }
  | { readonly kind: 'version' }
  /** `help <command>`, `<command> --help`, or a first word such as `keys` that has several commands. */
  | { readonly kind: 'help'; readonly commands: readonly Command[]; readonly isAsked: boolean }
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly words: readonly string[];
      readonly options: OptionValues;
    };

/** What a command line asks for. @throws WrongUsage that names the nearest command or option */
export function parseLine(line: readonly string[], commands: readonly Command[]): ParsedLine {
  const [first, ...rest] = line;
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'overview' };
  if (first === '--version' || first === '-V' || first === 'version') return { kind: 'version' };
  if (first === 'help') return parseHelp(rest, commands);
  const command = findCommand(line, commands);
  const wantsHelp = untilDashes(line).some((word) => word === '--help' || word === '-h');
  if (command === undefined) {
    const group = commands.filter(({ name }) => name.split(' ')[0] === first);
    const second = rest.find((word) => !word.startsWith('-'));
    if (group.length > 0 && second === undefined) return { kind: 'help', commands: group, isAsked: wantsHelp };
    throw unknownCommand(line, commands);
  }
  if (wantsHelp) return { kind: 'help', commands: [command], isAsked: true };
  return parseRest(command, line.slice(command.name.split(' ').length));
}

function parseHelp(words: readonly string[], commands: readonly Command[]): ParsedLine {
  if (words.length === 0) return { kind: 'overview' };
  const command = findCommand(words, commands);
  if (command !== undefined) return { kind: 'help', commands: [command], isAsked: true };
  const group = commands.filter(({ name }) => name.split(' ')[0] === words[0]);
  if (group.length > 0 && words.length === 1) return { kind: 'help', commands: group, isAsked: true };
  throw unknownCommand(words, commands);
}

function findCommand(words: readonly string[], commands: readonly Command[]): Command | undefined {
  return commands.find(({ name }) => name.split(' ').every((part, place) => words[place] === part));
}

function untilDashes(line: readonly string[]): readonly string[] {
  const end = line.indexOf('--');
  return end === -1 ? line : line.slice(0, end);
}

function unknownCommand(words: readonly string[], commands: readonly Command[]): WrongUsage {
  const said = words.filter((word) => !word.startsWith('-')).slice(0, 2);
  const names = commands.map(({ name }) => name);
  const firsts = names.map((name) => name.split(' ')[0] ?? name);
  const isGroup = firsts.includes(said[0] ?? '');
  const wanted = isGroup ? said.join(' ') : (said[0] ?? words[0] ?? '');
  const inGroup = isGroup ? names.filter((name) => name.startsWith(`${said[0]} `)) : [...firsts, ...names];
  const nearest = findNearest(wanted, inGroup);
  const hint = nearest === undefined ? 'see `./polity help`' : `did you mean \`./polity ${nearest}\`?`;
  return new WrongUsage(`there is no command \`${wanted}\`; ${hint}`);
}

function parseRest(command: Command, rest: readonly string[]): ParsedLine {
  const known = Object.entries(command.options);
  const options = Object.fromEntries(
    known.map(([name, { type, short, multiple }]) => [
      name,
      { type, multiple: multiple ?? false, ...(short === undefined ? {} : { short }) },
    ]),
  );
  const parsed = parseArgs({ args: [...rest], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of parsed.tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
    if (option === undefined) throw unknownOption(command, token.rawName);
    const isMissing = token.value === undefined || (!token.inlineValue && token.value.startsWith('-'));
    if (option.type === 'string' && isMissing)
      throw new WrongUsage(`\`--${token.name}\` needs a value: --${token.name}=…`);
    if (option.type === 'boolean' && token.value !== undefined) {
      throw new WrongUsage(`\`--${token.name}\` takes no value`);
    }
  }
  const extra = parsed.positionals[command.wordsMax];
  if (extra !== undefined) {
    throw new WrongUsage(`\`${command.name}\` takes no \`${extra}\`; see \`./polity help ${command.name}\``);
  }
  return { kind: 'run', command, words: parsed.positionals, options: parsed.values as OptionValues };
}

function unknownOption(command: Command, rawName: string): WrongUsage {
  const nearest = findNearest(rawName.replace(/^-+/, ''), [...Object.keys(command.options), 'help']);
  const hint = nearest === undefined ? `see \`./polity help ${command.name}\`` : `did you mean \`--${nearest}\`?`;
  return new WrongUsage(`\`${command.name}\` has no option \`${rawName}\`; ${hint}`);
}
