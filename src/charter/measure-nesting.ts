import { Lexer } from 'yaml';

const MAX_DEPTH = 16;
/** Spaces of indentation that 16 levels of a readable file never reach. */
const MAX_INDENT = 80;

/**
 * Where nesting goes beyond 16 levels, or null. Counted over tokens, before the recursive parser sees the text:
 * 100,000 brackets would otherwise take its stack.
 */
export function tooDeep(text: string): { readonly line: number; readonly column: number } | null {
  let line = 1;
  let column = 1;
  let flow = 0;
  let onLine = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    else if (token === '-' || token === '?' || token === ':') onLine++;
    if (flow > MAX_DEPTH || (flow === 0 && onLine > MAX_DEPTH)) return { line, column };
    const breaks = token.split('\n').length - 1;
    if (breaks > 0) {
      line += breaks;
      column = token.length - token.lastIndexOf('\n');
      onLine = 0;
    } else {
      column += token.length;
    }
    if (flow === 0 && /^ +$/.test(token) && column > MAX_INDENT && onLine === 0) return { line, column };
  }
  return null;
}
