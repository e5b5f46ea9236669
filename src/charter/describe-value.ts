// Shapes of credentials that must never be in a public file. Sources: the vendors' own prefixes; RFC 7468 (PEM);
// c2sp.org/signed-note (private keys).
const secretShapes = [
  /\bsk-[A-Za-z0-9_-]{16,}/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bhf_[A-Za-z0-9]{20,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bPRIVATE\+KEY\+/,
  /\bAGE-SECRET-KEY-1/,
  /:\/\/[^/\s:@]*:[^/\s@]+@/,
];

export function looksSecret(value: unknown): boolean {
  return typeof value === 'string' && secretShapes.some((shape) => shape.test(value));
}

/** A value as a phrase for `found`. Never shows what may be a secret. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (looksSecret(value)) return 'a literal secret (not shown)';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `\`${shorten(value)}\``;
  if (typeof value === 'number') return `the number \`${value}\``;
  if (typeof value === 'boolean') return `\`${value}\``;
  return Array.isArray(value) ? 'a list' : 'a map';
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
