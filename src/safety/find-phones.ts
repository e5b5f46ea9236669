/** Country calling codes that ITU-T E.164 assigns (checked 2026-11). */
const callingCodes: ReadonlySet<string> = new Set(
  (
    '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 ' +
    '90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 ' +
    '239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 ' +
    '269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 379 380 381 382 ' +
    '383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 ' +
    '672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 850 852 853 855 856 880 886 960 961 ' +
    '962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 992 993 994 995 996 998'
  ).split(' '),
);
/** With its country code a subscriber's number has 8 to 15 digits. */
const DIGITS_LEAST = 8;
const DIGITS_MOST = 15;
/** A plus or a double zero that opens a word, then digits with single separators; brackets as in `+44 (0)20`. */
const candidates = /(?<![\p{L}\p{N}+])(?:\+|00)[1-9](?:[ .\-/]?\(?\d\)?){7,15}/gu;

/** Telephone numbers in international form. National forms look like any other number and are left alone. */
export function countPhones(text: string): number {
  if (!text.includes('+') && !text.includes('00')) return 0;
  let count = 0;
  for (const match of text.matchAll(candidates)) {
    const goesOn = /\d/.test(text[match.index + match[0].length] ?? '');
    // Another number may follow after a space: then the telephone number ended at a separator.
    const found = goesOn ? match[0].replace(/[ .\-/][^ .\-/]*$/, '') : match[0];
    const digits = found.replace(/^00/, '+').replace('(0)', '').replace(/\D/g, '');
    if (digits.length >= DIGITS_LEAST && digits.length <= DIGITS_MOST && hasCallingCode(digits)) count += 1;
  }
  return count;
}

function hasCallingCode(digits: string): boolean {
  // In North America neither an area code nor an exchange begins with 0 or 1.
  if (digits[0] === '1') return /^1[2-9]\d\d[2-9]\d{6}/.test(digits);
  return [1, 2, 3].some((length) => callingCodes.has(digits.slice(0, length)));
}
