/** The text in the language, else in English, else in the first language there is. */
export function localise(texts: Readonly<Record<string, string>>, language: string): string {
  return texts[language] ?? texts.en ?? Object.values(texts)[0] ?? '';
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1);
  if (last === undefined) return '';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

// English: the prose around them is. Names as the runtime's ICU has them.
const languageNames = new Intl.DisplayNames(['en'], { type: 'language' });
const regionNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** `Estonian` for `et`. */
export function languageName(tag: string): string {
  return languageNames.of(tag) ?? tag;
}

/** `Estonia` for `EE`; a bloc that the runtime does not know stays as it is. */
export function jurisdictionName(code: string): string {
  return code.length === 2 ? (regionNames.of(code) ?? code) : code;
}
