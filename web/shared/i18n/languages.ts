/** The languages of the interface, each by its own name. */
export const languages = {
  et: { name: 'Eesti', dir: 'ltr' },
  en: { name: 'English', dir: 'ltr' },
  ru: { name: 'Русский', dir: 'ltr' },
  ar: { name: 'العربية', dir: 'rtl' },
} as const;

export type Language = keyof typeof languages;

export function isLanguage(tag: string | null | undefined): tag is Language {
  return tag !== null && tag !== undefined && Object.hasOwn(languages, tag);
}

/** What was chosen before, else the first that the reader's browser asks for, else the principal language. */
export function firstLanguage(chosen: string | null, wanted: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  for (const tag of wanted) {
    const base = tag.split('-')[0];
    if (isLanguage(base)) return base;
  }
  return 'et';
}
