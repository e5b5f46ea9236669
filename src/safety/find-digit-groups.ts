/** A run of digits with single spaces or hyphens between them, long enough for a card. */
const longRuns = /\d(?:[ -]?\d){12,}/g;
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
  for (const [run] of text.matchAll(longRuns)) count += countCardsIn(run);
  return count;
}

/** A run may hold a card between other numbers: the card begins and ends where a group of digits does. */
function countCardsIn(run: string): number {
  const groups = run.split(/[ -]/);
  const digits = groups.join('');
  let count = 0;
  let from = 0;
  for (let start = 0; start < groups.length; ) {
    let length = 0;
    let end = start;
    let found = false;
    while (!found && end < groups.length && length + (groups[end] as string).length <= CARD_MOST) {
      length += (groups[end] as string).length;
      end += 1;
      found = length >= CARD_LEAST && isCard(digits, from, length);
    }
    if (found) count += 1;
    const next = found ? end : start + 1;
    for (; start < next; start++) from += (groups[start] as string).length;
  }
  return count;
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

/** ISO/IEC 7812 check digit, and a prefix and length that a card network issues (checked 2026-11). */
function isCard(digits: string, from: number, length: number): boolean {
  return hasCardPrefix(Number(digits.slice(from, from + 4)), length) && luhnSum(digits, from, length) % 10 === 0;
}

function hasCardPrefix(four: number, length: number): boolean {
  const two = Math.floor(four / 100);
  if (four >= 4000 && four <= 4999) return length === 13 || length === 16 || length === 19; // Visa
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16; // Mastercard
  if (two === 34 || two === 37) return length === 15; // American Express
  if (two === 36 || two === 38 || two === 39 || (four >= 3000 && four <= 3059)) return length >= 14; // Diners
  if (four >= 3528 && four <= 3589) return length >= 16; // JCB
  return length >= 16 && (four === 6011 || two === 65 || two === 62 || (four >= 6440 && four <= 6499)); // Discover, UnionPay
}

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
