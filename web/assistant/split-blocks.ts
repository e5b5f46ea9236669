import { marked, type Token } from 'marked';

/** A block of Markdown with the exact text that it was made of, and where that begins. */
export interface Block {
  /** UTF-16 units from the start of the text. */
  readonly at: number;
  readonly raw: string;
  readonly token: Token;
}

/** How many blocks at the end a few more words may still change: a list goes on after an empty line. */
const UNSETTLED = 2;

/** The blocks of a text. Only the lexer is used: nothing ever becomes HTML by itself. */
export function splitBlocks(markdown: string): Block[] {
  return lexFrom(markdown, 0);
}

/** The blocks of a text that has grown: only its end is read again. `known` are the blocks of the text before. */
export function growBlocks(known: readonly Block[], markdown: string): Block[] {
  const settled = known.slice(0, -UNSETTLED);
  const last = settled.at(-1);
  const isSame = settled.every(({ at, raw }) => markdown.startsWith(raw, at));
  if (last === undefined || !isSame) return splitBlocks(markdown);
  return [...settled, ...lexFrom(markdown, last.at + last.raw.length)];
}

function lexFrom(markdown: string, start: number): Block[] {
  const blocks: Block[] = [];
  let at = start;
  for (const token of marked.lexer(markdown.slice(start), { gfm: true, breaks: false })) {
    if (token.type !== 'space') blocks.push({ at, raw: token.raw, token });
    at += token.raw.length;
  }
  return blocks;
}

/** Only addresses of the web; everything else, such as `javascript:`, is shown as text. */
export function safeAddress(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}
