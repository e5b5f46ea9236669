const elevenDigits = /(?<!\d)[1-8]\d{10}(?!\d)/g;
const CARD_LEAST = 13;
const CARD_MOST = 19;

/** Estonian personal codes: eleven digits that stand alone. */
export function countPersonalCodes(text: string): number {
  let count = 0;
  for (const [group] of text.matchAll(elevenDigits)) if (isPersonalCode(group)) count += 1;
  return count;
}

/** Payment cards, written in one or in groups. */
export function countCards(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text, at)) continue;
    const end = endOfRun(text, at);
    if (end - at >= CARD_LEAST) count += countCardsIn(text.slice(at, end));
    at = end;
  }
  return count;
}

/**
 * Behind a run of digits with single spaces or hyphens between them. A table of numbers is one run of megabytes, which an expression
 * that goes back and forth over it does not survive.
 */
function endOfRun(text: string, from: number): number {
  let end = from + 1;
  for (;;) {
    if (isDigit(text, end)) end += 1;
    else if (isSeparator(text, end) && isDigit(text, end + 1)) end += 2;
    else return end;
  }
}

/** A run may hold a card between other numbers: the card begins and ends where a group of digits does. */
function countCardsIn(run: string): number {
  const digits = run.replace(/[ -]/g, '');
  const starts = groupStarts(run);
  let count = 0;
  for (let group = 0; group + 1 < starts.length; ) {
    const next = endOfCard(digits, starts, group);
    if (next !== null) count += 1;
    group = next ?? group + 1;
  }
  return count;
}

/** Where each group begins among the digits, and where the last one ends. */
function groupStarts(run: string): number[] {
  const starts = [0];
  for (let at = 0; at < run.length; at++) if (isSeparator(run, at)) starts.push(at - starts.length + 1);
  starts.push(run.length - starts.length + 1);
  return starts;
}

/** The group behind the shortest card that begins with this one, or null. */
function endOfCard(digits: string, starts: readonly number[], group: number): number | null {
  const from = starts[group] as number;
  const prefix = prefixOf(digits, from);
  for (let end = group + 1; end < starts.length; end++) {
    const length = (starts[end] as number) - from;
    if (length > CARD_MOST) return null;
    if (length >= CARD_LEAST && hasCardPrefix(prefix, length) && luhnSum(digits, from, length) % 10 === 0) return end;
  }
  return null;
}

/** The number that the first four digits are. */
function prefixOf(digits: string, from: number): number {
  let prefix = 0;
  for (let at = from; at < from + 4; at++) prefix = 10 * prefix + digits.charCodeAt(at) - 48;
  return prefix;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function isSeparator(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || code === 45;
}

/** Isikukood (EVS 585): century and sex, date of birth, serial number, check digit. Checksum alone would accept a tenth of all numbers. */
function isPersonalCode(code: string): boolean {
  const century = Number(code[0]);
  const year = 1800 + 100 * Math.floor((century - 1) / 2) + Number(code.slice(1, 3));
  const month = Number(code.slice(3, 5));
  const day = Number(code.slice(5, 7));
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return false;
  return Number(code[10]) === personalCheckDigit(code);
}

function personalCheckDigit(code: string): number {
  const sum = (weights: string) => {
    let total = 0;
    for (let i = 0; i < 10; i++) total += Number(code[i]) * Number(weights[i]);
    return total % 11;
  };
  const first = sum('1234567891');
  if (first < 10) return first;
  return sum('3456789123') % 10;
}

/** A prefix and length that a card network issues (checked 2026-11). */
function hasCardPrefix(four: number, length: number): boolean {
  const two = Math.floor(four / 100);
  if (four >= 4000 && four <= 4999) return length === 13 || length === 16 || length === 19; // Visa
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16; // Mastercard
  if (two === 34 || two === 37) return length === 15; // American Express
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059)) return length >= 14; // Diners
  if (four >= 3528 && four <= 3589) return length >= 16; // JCB
  return length >= 16 && (four === 6011 || two === 65 || two === 62 || (four >= 6440 && four <= 6499)); // Discover, UnionPay
}

/** ISO/IEC 7812: a multiple of ten where the check digit is right. */
function luhnSum(digits: string, from: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const digit = digits.charCodeAt(from + length - 1 - i) - 48;
    const doubled = 2 * digit;
    if (i % 2 === 0) sum += digit;
    else sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
}
