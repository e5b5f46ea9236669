import { countCards, countPersonalCodes } from './find-digit-groups.ts';
import { countEmails } from './find-emails.ts';
import { countIbans } from './find-ibans.ts';
import { countPhones } from './find-phones.ts';
import { normalize } from './normalize-text.ts';

export type FindingKind = 'personal-code' | 'iban' | 'email' | 'phone' | 'card';

export interface Detection {
  /** Caveats that the text carries at least. */
  readonly caveats: readonly string[];
  /** How many of each kind: counts only, so that no log can ever repeat what was found. */
  readonly findings: Readonly<Partial<Record<FindingKind, number>>>;
}

const nothing: Detection = Object.freeze({ caveats: Object.freeze([]), findings: Object.freeze({}) });
/** Every identifier below has a digit or an @, in whatever script its digits are written. */
const worthLooking = /[\d@\p{Nd}＠]/u;

/**
 * Finds identifiers that prove themselves by a check digit or a strict form: Estonian personal codes, IBANs, payment
 * cards, e-mail addresses, telephone numbers in international form. It does not find names, addresses, health or
 * anything else that only meaning tells: a class that matters must be declared. Identifiers never reach over a line's end.
 */
export function detect(text: string): Detection {
  return worthLooking.test(text) ? detectPlain(normalize(text)) : nothing;
}

/** The same in a text that is normalized, or in a piece of one. */
export function detectPlain(plain: string): Detection {
  const findings: Partial<Record<FindingKind, number>> = {};
  let total = 0;
  const note = (kind: FindingKind, count: number) => {
    if (count === 0) return;
    findings[kind] = count;
    total += count;
  };
  note('email', countEmails(plain));
  if (/\d/.test(plain)) {
    note('personal-code', countPersonalCodes(plain));
    note('card', countCards(plain));
    note('iban', countIbans(plain));
    note('phone', countPhones(plain));
  }
  return total === 0 ? nothing : { caveats: ['personal'], findings };
}
