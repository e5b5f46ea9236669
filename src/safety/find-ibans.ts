/** Lengths of the IBAN registry of SWIFT (release 99, checked 2026-11). */
const lengths: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const start = /\b[A-Za-z]{2}\d{2}/g;

/** International bank account numbers, with or without single spaces or hyphens, whose check digits (ISO 7064 mod 97) hold. */
export function countIbans(text: string): number {
  let count = 0;
  for (const match of text.matchAll(start)) {
    const length = lengths.get(match[0].slice(0, 2).toUpperCase());
    if (length === undefined) continue;
    const iban = collect(text, match.index, length);
    if (iban !== null && remainder(iban) === 1) count += 1;
  }
  return count;
}

/** So many letters and digits from here on, over single separators; null when they stop early or go on. */
function collect(text: string, from: number, length: number): string | null {
  let found = '';
  let at = from;
  while (found.length < length) {
    const char = text[at] ?? '';
    if (/[A-Za-z0-9]/.test(char)) found += char;
    else if (!/[ -]/.test(char) || !/[A-Za-z0-9]/.test(text[at + 1] ?? '')) return null;
    at += 1;
  }
  return /[A-Za-z0-9]/.test(text[at] ?? '') ? null : found.toUpperCase();
}

function remainder(iban: string): number {
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest;
}
