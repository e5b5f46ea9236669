/** tlog-policy: which log key, which witnesses, how many of them. No Node import. https://c2sp.org/tlog-policy */
import { toHex } from '../kit/browser.ts';
import { COSIGNATURE_ED25519, COSIGNATURE_ML_DSA, ED25519, parseVerifierKey, type VerifierKey } from './note.ts';

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
  // A file that was cut could demand less than the whole one.
  if (!text.endsWith('\n')) throw new Error('the policy does not end in a newline');
  for (const [number, line] of text.slice(0, -1).split('\n').entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    try {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what the specification forbids
      if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) throw new Error('there are control characters');
      if (words.length > 0 && !words[0]?.startsWith('#')) reader.take(words);
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
  readonly #publicKeys = new Set<string>();
  #quorum: string | null = null;

  take([keyword = '', first = '', ...rest]: readonly string[]): void {
    switch (keyword) {
      case 'log':
        atMost(rest, 1);
        this.#logs.push(this.#key(first, keyword, [ED25519, COSIGNATURE_ML_DSA]));
        return;
      case 'witness':
        atMost(rest, 2);
        this.#define(first);
        this.#witnesses.set(first, this.#key(rest[0] ?? '', keyword, [COSIGNATURE_ED25519, COSIGNATURE_ML_DSA]));
        return;
      case 'group':
        this.#group(first, rest);
        return;
      case 'quorum':
        atMost(rest, 0);
        if (this.#quorum !== null) throw new Error('there is more than one quorum');
        if (first !== 'none' && !this.#isKnown(first)) throw new Error(`\`${first}\` is not defined`);
        this.#quorum = first;
        return;
      default:
        throw new Error(`\`${keyword}\` is no keyword`);
    }
  }

  /** A key under two names would count twice. */
  #key(vkey: string, keyword: 'log' | 'witness', types: readonly number[]): VerifierKey {
    const key = parseVerifierKey(vkey);
    if (!types.includes(key.type)) throw new Error(`a key of type ${key.type} is not one of a ${keyword}`);
    const publicKey = `${keyword} ${toHex(key.publicKey)}`;
    if (this.#publicKeys.has(publicKey)) throw new Error(`the key of \`${key.name}\` stands there twice`);
    this.#publicKeys.add(publicKey);
    return key;
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
    if (members.length === 0) throw new Error(`the group \`${name}\` has no members`);
    for (const member of members) {
      if (!this.#isKnown(member) || this.#used.has(member)) throw new Error(`\`${member}\` is not a free member`);
      this.#used.add(member);
    }
    this.#groups.set(name, { atLeast: parseThreshold(threshold, members.length), members });
  }
}

function atMost(rest: readonly string[], count: number): void {
  if (rest.length > count) throw new Error(`\`${rest[count]}\` is one word too many`);
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
