/** One policy of a file, with where it begins. */
export interface PolicyPiece {
  readonly text: string;
  /** Index of its first character in the file, in UTF-16 code units. */
  readonly start: number;
}

/**
 * Cuts a Cedar file into its policies, in order. Cedar's own splitter sorts them and loses their places; a policy ends
 * at a semicolon outside strings and comments, the only such place in the grammar.
 */
export function splitPolicies(text: string): PolicyPiece[] {
  const pieces: PolicyPiece[] = [];
  let start = 0;
  let at = 0;
  const close = (end: number): void => {
    const blank = skipBlank(text, start);
    if (blank < end) pieces.push({ text: text.slice(blank, end), start: blank });
    start = end;
  };
  while (at < text.length) {
    const char = text[at];
    if (char === '"') at = skipString(text, at);
    else if (char === '/' && text[at + 1] === '/') at = skipLine(text, at);
    else {
      at++;
      if (char === ';') close(at);
    }
  }
  close(text.length);
  return pieces;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++;
    if (!text.startsWith('//', at)) return at;
    at = skipLine(text, at);
  }
}

function skipLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
