import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { starters } from './start-subjects.ts';

export interface BenchOptions {
  readonly subjects: readonly string[];
  /** KB */
  readonly bodies: readonly number[];
  readonly connections: readonly number[];
  /** How many streams side by side; one run for each. */
  readonly streams: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly json: string | null;
  readonly install: boolean;
  readonly cache: string;
  /** Prints places and functions too. */
  readonly duties: boolean;
}

const defaultCache = join(tmpdir(), 'polity-bench-peers');

const help = `npm run bench:gateway -- [options]

Measures, interleaved in one run on one core and against one loopback upstream: ${Object.keys(starters).join(', ')}.
Linux only: CPU and memory are read from /proc, processes are pinned with taskset. What is measured has the first core alone;
from four cores on load, upstream and what works behind a subject (database, ledger) do not share theirs either.

  --subjects a,b      which of them; all without it. What is not here is named and left out
  --bodies 1,8,64     sizes of request and answer, KB
  --connections 1,16,64
  --streams 64,250    streams side by side, 50 chunks a second each; \`none\` for no streams
  --rounds 3          interleaved rounds of each cell; figures are medians over rounds
  --seconds 1.5       of a slice
  --json <file>       writes every figure
  --install           brings Portkey from npm and LiteLLM from PyPI (with uv) into the cache first; nginx never
  --cache <folder>    of these; ${defaultCache} without it
  --duties            also prints the costliest places and functions of our gateway process
  --help

The defaults take about twelve minutes.`;

/** Null after --help. @throws Error that names the option */
export function readOptions(words: readonly string[]): BenchOptions | null {
  const { values } = parseArgs({
    args: [...words],
    options: {
      subjects: { type: 'string', default: Object.keys(starters).join(',') },
      bodies: { type: 'string', default: '1,8,64' },
      connections: { type: 'string', default: '1,16,64' },
      streams: { type: 'string', default: '64,250' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '1.5' },
      json: { type: 'string' },
      install: { type: 'boolean', default: false },
      cache: { type: 'string', default: defaultCache },
      duties: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return null;
  }
  return {
    subjects: readSubjects(values.subjects),
    bodies: readNumbers('--bodies', values.bodies),
    connections: readNumbers('--connections', values.connections),
    streams: values.streams === 'none' ? [] : readNumbers('--streams', values.streams),
    rounds: readNumbers('--rounds', values.rounds)[0] as number,
    seconds: readNumbers('--seconds', values.seconds)[0] as number,
    json: values.json ?? null,
    install: values.install,
    cache: values.cache,
    duties: values.duties,
  };
}

function readSubjects(text: string): readonly string[] {
  const names = Object.keys(starters);
  return text.split(',').map((word) => {
    const name = names.find((known) => known.toLowerCase() === word.trim().toLowerCase());
    if (name === undefined) throw new Error(`--subjects: no \`${word}\`; there are ${names.join(', ')}`);
    return name;
  });
}

function readNumbers(option: string, text: string): readonly number[] {
  return text.split(',').map((word) => {
    const number = Number(word);
    if (!(number > 0)) throw new Error(`${option}: \`${word}\` is no number above 0`);
    return number;
  });
}
