import { boundMarks } from '../kit/index.ts';

/** Text without case and diacritics, with the place in the original that each unit came from. */
export interface FoldedText {
  readonly folded: string;
  /** For each UTF-16 unit of `folded`: index in the original. */
  readonly places: readonly number[];
}

const marks = /\p{M}/gu;

/** `Sünnikoht` and `SUNNIKOHT` become the same. Hamza and vowel signs of Arabic are marks too. */
export function foldText(text: string): string {
  return boundMarks(text).normalize('NFKD').replace(marks, '').toLowerCase().replaceAll('ß', 'ss').replaceAll('ё', 'е');
}

export function foldWithPlaces(text: string): FoldedText {
  let folded = '';
  const places: number[] = [];
  let at = 0;
  for (const letter of text) {
    const plain = foldText(letter);
    for (let unit = 0; unit < plain.length; unit++) places.push(at);
    folded += plain;
    at += letter.length;
  }
  return { folded, places };
}
