export interface Formats {
  /** `18 204`: grouped, with no-break spaces. */
  number(value: number | bigint): string;
  /** The same with as many digits as a small part of a unit needs: a millionth is not nothing. */
  amount(value: number): string;
  /** With every digit that the charter gives it: a price is not rounded. */
  price(value: number): string;
  /** `24 November 2026`; a day such as `2026-11-24` is that day, a moment one of the reader's own clock */
  date(at: string | number | Date): string;
  /** `22.11.2026` in Estonian: for side notes and tables. */
  shortDate(at: string | number | Date): string;
  /** `14:02` */
  time(at: string | number | Date): string;
  /** `24 November 2026, 14:02:11` */
  moment(at: string | number | Date): string;
  /** `Russian` for `ru`, in the language that is read. */
  languageName(tag: string): string;
  /** `Estonia` for `EE`. */
  regionName(code: string): string;
}

/** Numbers and dates as a language writes them, in Latin digits throughout, because entries are compared. */
export function formatsOf(language: string): Formats {
  const locale = language === 'en' ? 'en-GB' : language === 'ar' ? 'ar-u-nu-latn' : language;
  const date = dayFormat(locale, { dateStyle: 'long' });
  const short = dayFormat(locale, { day: '2-digit', month: '2-digit', year: 'numeric' });
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'medium', hourCycle: 'h23' });
  const names = new Intl.DisplayNames(locale, { type: 'language' });
  const regions = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  return {
    // Identifiers are grouped the same way in all languages.
    number: (value) => new Intl.NumberFormat('en').format(value).replaceAll(',', '\u00a0'),
    amount: (value) =>
      new Intl.NumberFormat('en', { maximumFractionDigits: Math.abs(value) < 1 ? 6 : 2 })
        .format(value)
        .replaceAll(',', '\u00a0'),
    price: (value) =>
      new Intl.NumberFormat('en', { maximumFractionDigits: 12 }).format(value).replaceAll(',', '\u00a0'),
    date,
    // Arabic puts marks of direction between the parts, which turn them around wherever text runs from left to right.
    shortDate: (at) => short(at).replaceAll('\u200f', ''),
    time: (at) => time.format(new Date(at)),
    moment: (at) => moment.format(new Date(at)),
    languageName: (tag) => names.of(tag) ?? tag,
    regionName: (code) => (/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code),
  };
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** A day without an hour begins at midnight of UTC, which is still the day before for half of the world. */
function dayFormat(locale: string, style: Intl.DateTimeFormatOptions): (at: string | number | Date) => string {
  const moment = new Intl.DateTimeFormat(locale, style);
  const day = new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' });
  return (at) => (typeof at === 'string' && DAY.test(at) ? day : moment).format(new Date(at));
}
