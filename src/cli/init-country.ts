import { countryCodes, findNearest, knownBlocs } from '../charter/index.ts';

/** What a template needs to know of a country. From the runtime's CLDR data, so that no list of ours goes stale. */
export interface InitCountry {
  readonly code: string;
  /** In English. */
  readonly name: string;
  /** For folder and host names. */
  readonly slug: string;
  /** The language that most people there speak, by CLDR. */
  readonly language: string;
  readonly blocs: readonly string[];
  readonly currency: string | null;
}

export type FoundCountry =
  | { readonly kind: 'found'; readonly country: InitCountry }
  | { readonly kind: 'unknown'; readonly nearest: string | undefined };

// Members of the euro area since Bulgaria joined on 2026-01-01. Source: European Central Bank, list of euro area countries.
const euroArea = 'AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK'.split(' ');

/** Takes an ISO 3166-1 code or a name in English or in the country's main language. */
export function findCountry(text: string): FoundCountry {
  const wanted = fold(text);
  const english = new Intl.DisplayNames(['en'], { type: 'region' });
  const names = new Map<string, string>();
  for (const code of countryCodes) {
    const local = new Intl.DisplayNames([languageOf(code)], { type: 'region' }).of(code) ?? code;
    for (const name of [english.of(code) ?? code, local]) names.set(fold(name), code);
  }
  for (const code of countryCodes) names.set(code.toLowerCase(), code);
  const code = names.get(wanted);
  if (code === undefined) return { kind: 'unknown', nearest: nearestName(wanted, names) };
  const name = english.of(code) ?? code;
  return {
    kind: 'found',
    country: {
      code,
      name,
      slug: fold(name)
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-|-$/g, ''),
      language: languageOf(code),
      blocs: blocsOf(code),
      currency: euroArea.includes(code) ? 'EUR' : null,
    },
  };
}

function nearestName(wanted: string, names: ReadonlyMap<string, string>): string | undefined {
  return findNearest(
    wanted,
    [...names.keys()].filter((name) => name.length > 2),
  );
}

function languageOf(code: string): string {
  return new Intl.Locale(`und-${code}`).maximize().language;
}

function blocsOf(code: string): string[] {
  if (knownBlocs.EU?.includes(code)) return ['EU'];
  return knownBlocs.EEA?.includes(code) ? ['EEA'] : [];
}

/** Lower case without accents: `Côte d’Ivoire` and `cote d'ivoire` are one name. */
function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('’', "'").trim().toLowerCase();
}
