import type { Command } from './command.ts';

/** What may follow: `''` for the first word, `keys` for the second, `keys create` for options. */
function table(commands: readonly Command[]): Map<string, string[]> {
  const rows = new Map<string, string[]>([['', ['help', '--version']]]);
  for (const { name, options } of commands) {
    const [first = '', second] = name.split(' ');
    rows.set('', [...new Set([...(rows.get('') ?? []), first])]);
    if (second !== undefined) rows.set(first, [...(rows.get(first) ?? []), second]);
    rows.set(name, [...(rows.get(name) ?? []), ...Object.keys(options).map((option) => `--${option}`), '--help']);
  }
  return rows;
}

/** Where a shell should offer folders: behind these a path is expected. */
const takesPath = 'charter\\ check|charter\\ explain|charter\\ apply|verify';

export function bashCompletion(commands: readonly Command[]): string {
  const cases = [...table(commands)].map(([words, next]) => `    '${words}') next='${next.join(' ')}' ;;`);
  return `# Polity in bash: source <(./polity completion bash)
_polity() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words='' next='' word place
  for ((place = 1; place < COMP_CWORD && place < 3; place++)); do
    word="\${COMP_WORDS[place]}"
    [[ $word == -* ]] || words="\${words:+$words }$word"
  done
  _polity_next() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
  }
  _polity_next "$words" || _polity_next "\${words%% *}" || next=''
  COMPREPLY=($(compgen -W "$next" -- "$current"))
  case "$words" in
    ${takesPath}*) [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _polity polity ./polity
`;
}

export function zshCompletion(commands: readonly Command[]): string {
  return `# Polity in zsh: source <(./polity completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bashCompletion(commands).split('\n').slice(1).join('\n')}`;
}

export function fishCompletion(commands: readonly Command[]): string {
  const lines = commands.flatMap(({ name, summary, options }) => {
    const [first = '', second] = name.split(' ');
    const plain = summary.replaceAll("'", '’');
    const seen = second === undefined ? first : `${first}; and __fish_seen_subcommand_from ${second}`;
    const word =
      second === undefined
        ? `complete -c polity -f -n __fish_use_subcommand -a ${first} -d '${plain}'`
        : `complete -c polity -f -n '__fish_seen_subcommand_from ${first}' -a ${second} -d '${plain}'`;
    const flags = Object.entries(options).map(
      ([option, { type, describe }]) =>
        `complete -c polity -n '__fish_seen_subcommand_from ${seen}' -l ${option}${type === 'string' ? ' -r' : ''} -d '${describe.replaceAll("'", '’')}'`,
    );
    return [word, ...flags];
  });
  const groups = [...new Set(commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0]))];
  const firsts = groups.map((group) => `complete -c polity -f -n __fish_use_subcommand -a ${group}`);
  return `# Polity in fish: ./polity completion fish | source\n${[...firsts, ...lines].join('\n')}\n`;
}
