/** tlog-policy: which log key, which witnesses, how many of them. No Node import. https://c2sp.org/tlog-policy */
import { parseVerifierKey, type VerifierKey } from './note.ts';

export interface WitnessPolicy {
  readonly logs: readonly VerifierKey[];
  readonly witnesses: ReadonlyMap<string, VerifierKey>;
  readonly groups: ReadonlyMap<string, { readonly atLeast: number; readonly members: readonly string[] }>;
  /** Name of a witness or group, or `none`. */
  readonly quorum: string;
}

/** The policy of a log that no witness watches yet. */
export function formatPolicy(vkeys: readonly string[]): string {
  return `${vkeys.map((vkey) => `log ${vkey}\n`).join('')}quorum none\n`;
}

/** @throws Error that names the line */
export function parsePolicy(text: string): WitnessPolicy {
  const reader = new PolicyReader();
  for (const [number, line] of text.split('\n').entries()) {
    const words = line
      .replace(/#.*$/, '')
      .split(/[ \t]+/)
      .filter((word) => word !== '');
    try {
      if (words.length > 0) reader.take(words);
    } catch (cause) {
      throw new Error(`line ${number + 1} of the policy: ${(cause as Error).message}`, { cause });
    }
  }
  return reader.finish();
}

class PolicyReader {
  readonly #logs: VerifierKey[] = [];
  readonly #witnesses = new Map<string, VerifierKey>();
  readonly #groups = new Map<string, { atLeast: number; members: string[] }>();
  readonly #used = new Set<string>();
  #quorum: string | null = null;

  take([keyword = '', first = '', ...rest]: readonly string[]): void {
    switch (keyword) {
      case 'log':
        this.#logs.push(parseVerifierKey(first));
        return;
      case 'witness':
        this.#define(first);
        this.#witnesses.set(first, parseVerifierKey(rest[0] ?? ''));
        return;
      case 'group':
        this.#group(first, rest);
        return;
      case 'quorum':
        if (this.#quorum !== null) throw new Error('there is more than one quorum');
        if (first !== 'none' && !this.#isKnown(first)) throw new Error(`\`${first}\` is not defined`);
        this.#quorum = first;
        return;
      default:
        throw new Error(`\`${keyword}\` is no keyword`);
    }
  }

  finish(): WitnessPolicy {
    if (this.#quorum === null) throw new Error('the policy has no quorum');
    return { logs: this.#logs, witnesses: this.#witnesses, groups: this.#groups, quorum: this.#quorum };
  }

  #isKnown(name: string): boolean {
    return this.#witnesses.has(name) || this.#groups.has(name);
  }

  #define(name: string): void {
    if (name === '' || name === 'none' || this.#isKnown(name)) throw new Error(`\`${name}\` cannot be defined here`);
  }

  #group(name: string, [threshold = '', ...members]: readonly string[]): void {
    this.#define(name);
    for (const member of members) {
      if (!this.#isKnown(member) || this.#used.has(member)) throw new Error(`\`${member}\` is not a free member`);
      this.#used.add(member);
    }
    this.#groups.set(name, { atLeast: parseThreshold(threshold, members.length), members });
  }
}

function parseThreshold(text: string, members: number): number {
  if (text === 'all') return members;
  if (text === 'any') return 1;
  const count = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > members) throw new Error(`\`${text}\` of ${members} members is no threshold`);
  return count;
}

/** Whether these witnesses' cosignatures fulfil the policy. */
export function hasQuorum(policy: WitnessPolicy, cosigned: ReadonlySet<string>): boolean {
  const holds = (name: string): boolean => {
    const group = policy.groups.get(name);
    if (group === undefined) return cosigned.has(name);
    return group.members.filter(holds).length >= group.atLeast;
  };
  return policy.quorum === 'none' || holds(policy.quorum);
}
