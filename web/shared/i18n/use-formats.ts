import type { Formats } from './formats.ts';
import { useLanguage } from './language.tsx';

/** Numbers and dates in the language that is read: made once for each language, shared by the whole page. */
export function useFormats(): Formats {
  return useLanguage().formats;
}
