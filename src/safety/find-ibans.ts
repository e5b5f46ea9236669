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
/** The least length of all. */
const LEAST = 15;

/** International bank account numbers, with or without single spaces or hyphens, whose check digits (ISO 7064 mod 97) hold. */
export function countIbans(text: string): number {
  let count = 0;
  for (let at = 0; at + LEAST <= text.length; at++) {
    if (!opens(text, at)) continue;
    const length = lengths.get(text.slice(at, at + 2).toUpperCase());
    const end = length === undefined ? null : endOf(text, at, length);
    if (end !== null && remainder(text, at, end) === 1) count += 1;
  }
  return count;
}

/** Two letters that begin a word, and two digits. By codes: an expression that is found two million times takes seconds. */
function opens(text: string, at: number): boolean {
  return (
    isDigit(text.charCodeAt(at + 2)) &&
    isDigit(text.charCodeAt(at + 3)) &&
    isLetter(text.charCodeAt(at)) &&
    isLetter(text.charCodeAt(at + 1)) &&
    !isWordCode(text.charCodeAt(at - 1)) &&
    text[at - 1] !== '_'
  );
}

/** Behind so many letters and digits from here on, over single separators; null when they stop early or go on. */
function endOf(text: string, from: number, length: number): number | null {
  let found = 0;
  let at = from;
  for (; found < length; at++) {
    if (isWordCode(text.charCodeAt(at))) found += 1;
    else if (!isSeparator(text.charCodeAt(at)) || !isWordCode(text.charCodeAt(at + 1))) return null;
  }
  return isWordCode(text.charCodeAt(at)) ? null : at;
}

/** ISO 7064 mod 97 of what stands there, its first four characters behind the others. */
function remainder(text: string, from: number, end: number): number {
  let rest = 0;
  for (let at = from + 4; at < end; at++) rest = append(rest, text.charCodeAt(at));
  for (let at = from; at < from + 4; at++) rest = append(rest, text.charCodeAt(at));
  return rest;
}

/** A is 10, Z is 35; separators count for nothing. */
function append(rest: number, code: number): number {
  if (isSeparator(code)) return rest;
  if (isDigit(code)) return (rest * 10 + code - 48) % 97;
  return (rest * 100 + (code & ~32) - 55) % 97;
}

const isSeparator = (code: number) => code === 32 || code === 45;
// All of ASCII, and false behind the ends, where there is no code.
const isDigit = (code: number) => code >= 48 && code <= 57;
const isLetter = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const isWordCode = (code: number) => isDigit(code) || isLetter(code);
