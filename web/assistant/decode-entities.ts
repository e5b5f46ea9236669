const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** The characters that references such as `&lt;` or `&#39;` in Markdown stand for; what comes out is text, never HTML. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|([a-z]{2,5}));/g, (whole, digits?: string, name?: string) => {
    if (digits === undefined) return named[name ?? ''] ?? whole;
    return String.fromCodePoint(Number(digits));
  });
}
