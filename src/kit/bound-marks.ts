/** As many as Unicode's stream-safe text has (UAX 15, section 13); no language comes near it. */
const MARKS_MAX = 30;
/** The last two are no marks and become some where compatible forms are taken. */
const tooMany = /[\p{M}\uff9e\uff9f]{31,}/gu;

/**
 * The text with 30 marks on one letter at most, to be called before `normalize`: to put the marks of a letter into their order takes
 * a time that grows with the square of their number, an hour for a body of nothing else.
 */
export function boundMarks(text: string): string {
  return text.replace(tooMany, (marks) => [...marks.slice(0, 2 * MARKS_MAX)].slice(0, MARKS_MAX).join(''));
}
