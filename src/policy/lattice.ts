import { findNearest } from '../charter/index.ts';
import type { Charter, Clearance } from '../charter/schema.ts';
import type { Classification } from './schema.ts';

/** The least classification at or above both: the higher level, the caveats of both. */
export function join(a: Classification, b: Classification): Classification {
  const caveats = [...new Set([...a.caveats, ...b.caveats])].sort();
  return { level: Math.max(a.level, b.level), caveats };
}

/** Whether `upper` may handle everything of class `lower`. A partial order. */
export function dominates(upper: Classification, lower: Classification): boolean {
  return lower.level <= upper.level && lower.caveats.every((caveat) => upper.caveats.includes(caveat));
}

export type ParsedClassification =
  | { readonly kind: 'parsed'; readonly classification: Classification }
  /** `detail` is a public sentence that says what to write. */
  | { readonly kind: 'unknown'; readonly detail: string };

/** The lattice of one charter: names to points and back. */
export interface Lattice {
  readonly levels: readonly string[];
  readonly caveats: readonly string[];
  readonly top: Classification;
  /** Reads `internal; personal minor` or `internal; personal, minor`: a level, then caveats. */
  parse(text: string): ParsedClassification;
  /** Of a clearance of the same charter. */
  of(clearance: Clearance): Classification;
  /** A level alone; null when the charter has none of that id. */
  ofLevel(level: string): Classification | null;
  format(classification: Classification): string;
}

export function latticeOf(charter: Charter): Lattice {
  const levels = charter.classification.levels.map((level) => level.id);
  const caveats = charter.classification.caveats.map((caveat) => caveat.id).sort();
  const at = (level: string): number => {
    const index = levels.indexOf(level);
    if (index < 0) throw new RangeError(`level \`${level}\` is not of this charter`);
    return index;
  };
  return {
    levels,
    caveats,
    top: { level: levels.length - 1, caveats },
    parse: (text) => parse(text, levels, caveats),
    of: (clearance) => ({ level: at(clearance.level), caveats: [...new Set(clearance.caveats)].sort() }),
    ofLevel: (level) => (levels.includes(level) ? { level: at(level), caveats: [] } : null),
    format: ({ level, caveats }) =>
      [levels[level] ?? '?', ...(caveats.length === 0 ? [] : [caveats.join(' ')])].join('; '),
  };
}

/** Longer headers are no classification; the bound keeps error messages short too. */
const MAX_HEADER_CHARACTERS = 500;

function parse(text: string, levels: readonly string[], caveats: readonly string[]): ParsedClassification {
  if (text.length > MAX_HEADER_CHARACTERS)
    return unknown('a classification is a level and caveats, such as `internal; personal`');
  const [first = '', ...rest] = text.split(';');
  const level = levels.indexOf(first.trim());
  if (level < 0) return unknown(notOne('level', first.trim(), levels));
  const named = rest
    .join(' ')
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  const wrong = named.find((name) => !caveats.includes(name));
  if (wrong !== undefined) return unknown(notOne('caveat', wrong, caveats));
  return { kind: 'parsed', classification: { level, caveats: [...new Set(named)].sort() } };
}

function unknown(detail: string): ParsedClassification {
  return { kind: 'unknown', detail };
}

function notOne(what: string, found: string, valid: readonly string[]): string {
  const nearest = findNearest(found, valid);
  const hint = nearest === undefined ? '' : `; did you mean \`${nearest}\`?`;
  return `\`${found.slice(0, 63)}\` is no ${what} of this service: write one of ${valid.map((name) => `\`${name}\``).join(', ')}${hint}`;
}
