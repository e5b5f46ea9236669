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
  const logs: VerifierKey[] = [];
  const witnesses = new Map<string, VerifierKey>();
  const groups = new Map<string, { atLeast: number; members: string[] }>();
  const used = new Set<string>();
  let quorum: string | null = null;
  const isKnown = (name: string) => witnesses.has(name) || groups.has(name);
  const define = (name: string) => {
    if (name === 'none' || isKnown(name)) throw new Error(`\`${name}\` is defined twice`);
  };
  const group = ([name = '', threshold = '', ...members]: string[]) => {
    define(name);
    for (const member of members) {
      if (!isKnown(member) || used.has(member)) throw new Error(`\`${member}\` is not a free member`);
      used.add(member);
    }
    groups.set(name, { atLeast: parseThreshold(threshold, members.length), members });
  };
  for (const [number, line] of text.split('\n').entries()) {
    const [keyword, ...words] = line
      .replace(/#.*$/, '')
      .split(/[ \t]+/)
      .filter((word) => word !== '');
    if (keyword === undefined) continue;
    try {
      if (keyword === 'log') logs.push(parseVerifierKey(words[0] ?? ''));
      else if (keyword === 'witness') {
        define(words[0] ?? '');
        witnesses.set(words[0] ?? '', parseVerifierKey(words[1] ?? ''));
      } else if (keyword === 'group') group(words);
      else if (keyword === 'quorum') {
        if (quorum !== null) throw new Error('there is more than one quorum');
        quorum = words[0] ?? '';
        if (quorum !== 'none' && !isKnown(quorum)) throw new Error(`\`${quorum}\` is not defined`);
      } else throw new Error(`\`${keyword}\` is no keyword`);
    } catch (cause) {
      throw new Error(`line ${number + 1} of the policy: ${(cause as Error).message}`, { cause });
    }
  }
  if (quorum === null) throw new Error('the policy has no quorum');
  return { logs, witnesses, groups, quorum };
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
