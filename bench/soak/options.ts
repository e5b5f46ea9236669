import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly minutes: number;
  /** Under the same load before it; memory is not judged yet. */
  readonly warmMinutes: number;
  readonly workers: number;
  /** Requests that are under way at a time. */
  readonly clients: number;
  readonly seed: number;
  readonly json: string | null;
}

const help = `npm run bench:soak -- [options]

A whole Polity under a mix of plain requests, streams, aborts, slow readers, half-sent bodies and an upstream that fails in
every way. It ends with flat memory, no leaked reservation, no open intent, one leaf for each decision and a log that
verifies, or with exit code 1. Linux only: memory is read from /proc.

  --minutes 30
  --warm-minutes 15   before them, under the same load: V8 still sizes its heaps, so memory is not judged yet
  --workers 1     gateways behind the one port
  --clients 32    requests under way at a time
  --seed <n>      of the mix; printed, so that a run can be repeated
  --json <file>   writes every figure
  --help`;

/** Null after --help. @throws Error that names the option */
export function readOptions(words: readonly string[]): SoakOptions | null {
  const { values } = parseArgs({
    args: [...words],
    options: {
      minutes: { type: 'string', default: '30' },
      'warm-minutes': { type: 'string', default: '15' },
      workers: { type: 'string', default: '1' },
      clients: { type: 'string', default: '32' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return null;
  }
  const positive = (name: 'minutes' | 'warm-minutes' | 'workers' | 'clients' | 'seed') => {
    const number = Number(values[name]);
    if (!(number > 0)) throw new Error(`--${name} takes a number above 0, not ${values[name]}`);
    return number;
  };
  return {
    minutes: positive('minutes'),
    warmMinutes: positive('warm-minutes'),
    workers: positive('workers'),
    clients: positive('clients'),
    seed: positive('seed'),
    json: values.json ?? null,
  };
}
