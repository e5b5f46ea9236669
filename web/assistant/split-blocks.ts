import { marked, type Token } from 'marked';

/** A block of Markdown with the exact text that it was made of: the key by which a finished block is not parsed again. */
export interface Block {
  readonly raw: string;
  readonly token: Token;
}

/** The blocks of a text. Only the lexer is used: nothing ever becomes HTML by itself. */
export function splitBlocks(markdown: string): Block[] {
  return marked
    .lexer(markdown, { gfm: true, breaks: false })
    .filter((token) => token.type !== 'space')
    .map((token) => ({ raw: token.raw, token }));
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
