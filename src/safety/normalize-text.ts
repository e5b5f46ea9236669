import { boundMarks } from '../kit/index.ts';

const ascii = /^[\0-\x7f]*$/;
const invisible = /\p{Cf}/gu;
const foreignDigit = /(?![0-9])\p{Nd}/gu;
const hyphens = /[\u2010-\u2015\u2212]/g;

/** Digits of any script, full-width forms, invisible characters and typographic hyphens must not hide an identifier. */
export function normalize(text: string): string {
  if (ascii.test(text)) return text;
  const values = new Map<string, string>();
  const numeral = (digit: string) => {
    const value = values.get(digit) ?? digitValue(digit);
    values.set(digit, value);
    return value;
  };
  return boundMarks(text).normalize('NFKC').replace(invisible, '').replace(hyphens, '-').replace(foreignDigit, numeral);
}

/** Unicode keeps the decimal digits of a script together, in order: the value is the distance to the block's zero. */
function digitValue(digit: string): string {
  const code = digit.codePointAt(0) as number;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
