import type { JsonText } from './json-text.ts';

/** What changes in the outermost object. Values are JSON text. */
export interface Changes {
  /** Members that get a value, whether or not they were there. */
  readonly set: Readonly<Record<string, string>>;
  /** Members that go. */
  readonly drop: readonly string[];
}

/** UTF-8 needs at most three bytes for a UTF-16 code unit; a member has two quotes, a colon and a comma beside its words. */
const BYTES_PER_CHARACTER = 3;
const PUNCTUATION = 4;

/** The same document with some members changed: every other byte stays as it came, numbers and escapes included. */
export function splice({ bytes, members }: JsonText, changes: Changes): Buffer {
  const { set } = changes;
  const isDropped = lookUp(changes.drop);
  let most = bytes.length + PUNCTUATION;
  for (const key in set) {
    const characters = JSON.stringify(key).length + (set[key] as string).length;
    most += BYTES_PER_CHARACTER * characters + PUNCTUATION;
  }
  const made = new Splicing(Buffer.allocUnsafe(most));
  const placed: string[] = [];
  let runStart = -1;
  let runEnd = -1;
  for (const { key, start, end } of members) {
    const value = Object.hasOwn(set, key) ? set[key] : undefined;
    if (value === undefined && !isDropped(key)) {
      if (runStart < 0) runStart = start;
      runEnd = end;
      continue;
    }
    if (runStart >= 0) made.addRun(bytes, runStart, runEnd);
    runStart = -1;
    if (value === undefined) continue;
    placed.push(key);
    made.addMember(key, value);
  }
  if (runStart >= 0) made.addRun(bytes, runStart, runEnd);
  for (const key in set) if (!placed.includes(key)) made.addMember(key, set[key] as string);
  return made.end();
}

/** A set costs more than a look along a short list. */
const FEW = 8;

function lookUp(names: readonly string[]): (name: string) => boolean {
  if (names.length <= FEW) return (name) => names.includes(name);
  const all = new Set(names);
  return (name) => all.has(name);
}

const OPEN = 123;
const CLOSE = 125;
const COMMA = 44;

/** A document in the making, in memory that is large enough for it. */
class Splicing {
  readonly #made: Buffer;
  #at = 0;

  constructor(room: Buffer) {
    this.#made = room;
  }

  addRun(bytes: Buffer, start: number, end: number): void {
    this.#separate();
    this.#at += bytes.copy(this.#made, this.#at, start, end);
  }

  addMember(key: string, value: string): void {
    this.#separate();
    this.#at += this.#made.write(`${JSON.stringify(key)}:${value}`, this.#at);
  }

  end(): Buffer {
    if (this.#at === 0) this.#made[this.#at++] = OPEN;
    this.#made[this.#at++] = CLOSE;
    return this.#made.subarray(0, this.#at);
  }

  #separate(): void {
    this.#made[this.#at] = this.#at === 0 ? OPEN : COMMA;
    this.#at++;
  }
}
