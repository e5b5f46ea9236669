import type { Limits } from '../charter/schema.ts';
import type { KeyWish } from '../identity/index.ts';
import { WrongUsage } from './command.ts';

/** The options of `keys create`, as they stand on the command line. */
export interface KeyOptions {
  readonly tenant?: string | undefined;
  readonly project?: string | undefined;
  readonly purpose?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly level?: string | undefined;
  readonly role?: string | undefined;
  readonly expires?: string | undefined;
  readonly [limit: string]: unknown;
}

interface KeyLimit {
  readonly limit: keyof Limits;
  readonly describe: string;
}

/** Options that limit a key. Money and energy may have fractions. */
export const keyLimits: Readonly<Record<string, KeyLimit>> = {
  'requests-per-minute': { limit: 'requestsPerMinute', describe: 'of requests' },
  'requests-per-day': { limit: 'requestsPerDay', describe: 'of requests' },
  'tokens-per-minute': { limit: 'tokensPerMinute', describe: 'of tokens' },
  'tokens-in-per-minute': { limit: 'tokensInPerMinute', describe: 'of tokens of prompts' },
  'tokens-out-per-minute': { limit: 'tokensOutPerMinute', describe: 'of tokens of answers' },
  'tokens-per-day': { limit: 'tokensPerDay', describe: 'of tokens' },
  'tokens-in-per-day': { limit: 'tokensInPerDay', describe: 'of tokens of prompts' },
  'tokens-out-per-day': { limit: 'tokensOutPerDay', describe: 'of tokens of answers' },
  'money-per-day': { limit: 'moneyPerDay', describe: "in the charter's currency" },
  'money-per-month': { limit: 'moneyPerMonth', describe: "in the charter's currency" },
  'energy-per-day': { limit: 'energyWhPerDay', describe: 'of watt-hours' },
  'energy-per-month': { limit: 'energyWhPerMonth', describe: 'of watt-hours' },
  concurrent: { limit: 'concurrent', describe: 'of requests at the same time' },
  'concurrent-streams': { limit: 'concurrentStreams', describe: 'of streams at the same time' },
};

const DAY_MS = 86_400_000;

/** What the control socket is asked for; whether the names exist is for the charter in force to say. @throws WrongUsage */
export function readKeyWish(options: KeyOptions, nowMs: number): KeyWish {
  if (options.tenant === undefined) throw missing('tenant', 'agency');
  const purposes = (options.purpose ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '');
  if (purposes.length === 0) throw missing('purpose', 'drafting');
  const limits: Record<string, number> = {};
  for (const [option, { limit }] of Object.entries(keyLimits)) {
    const text = options[option];
    if (typeof text === 'string') limits[limit] = readAmount(option, text);
  }
  return {
    tenant: options.tenant,
    purposes,
    limits,
    ...(options.project === undefined ? {} : { project: options.project }),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.level === undefined ? {} : { defaultLevel: options.level }),
    ...(options.role === undefined ? {} : { role: options.role as NonNullable<KeyWish['role']> }),
    ...(options.expires === undefined ? {} : { expiresAtMs: readEnd(options.expires, nowMs) }),
  };
}

function missing(option: string, example: string): WrongUsage {
  return new WrongUsage(`name the ${option}, such as \`--${option} ${example}\``);
}

function readAmount(option: string, text: string): number {
  const pattern = /^(money|energy)-/.test(option) ? /^\d+(\.\d{1,6})?$/ : /^\d+$/;
  if (!pattern.test(text) || !Number.isSafeInteger(Math.round(Number(text)))) {
    throw new WrongUsage(`\`--${option}\` takes a number, not \`${text}\``);
  }
  return Number(text);
}

/** `90d`, or a date, at whose beginning (UTC) the key ends, or a time with its zone. */
function readEnd(text: string, nowMs: number): number {
  const days = /^(\d{1,5})d$/.exec(text);
  if (days !== null) return nowMs + Number(days[1]) * DAY_MS;
  const atMs = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  const isRealDate = new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(text.slice(8, 10));
  if (!Number.isNaN(atMs) && isRealDate) return atMs;
  throw new WrongUsage(`\`--expires\` takes days or a date, such as \`90d\` or \`2027-12-31\`, not \`${text}\``);
}
