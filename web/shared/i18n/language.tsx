import { createContext, type ReactNode, use, useContext, useEffect, useMemo, useState, useTransition } from 'react';
import { keep, readKept } from '../keep.ts';
import type { Feature, Features } from './features.ts';
import { Formatter, type Tags, type Values } from './format-message.tsx';
import { type Formats, formatsOf } from './formats.ts';
import { firstLanguage, type Language, languages } from './languages.ts';
import { messageFiles } from './message-files.ts';
import { MessageStore } from './message-store.ts';

const CHOICE = 'polity-language';

interface LanguageState {
  readonly language: Language;
  readonly store: MessageStore;
  readonly formats: Formats;
  choose(language: Language): void;
}

const LanguageContext = createContext<LanguageState | null>(null);

/** The language that is read now, on `<html>` too, kept on this device. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(() => firstLanguage(readKept(CHOICE), navigator.languages));
  const [store] = useState(() => new MessageStore(messageFiles));
  const [, begin] = useTransition();
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = languages[language].dir;
  }, [language]);
  const state = useMemo(
    () => ({
      language,
      store,
      formats: formatsOf(language),
      choose(chosen: Language) {
        keep(CHOICE, chosen);
        // What is on the page stays until the other language is there.
        begin(() => setLanguage(chosen));
      },
    }),
    [language, store],
  );
  return <LanguageContext value={state}>{children}</LanguageContext>;
}

export function useLanguage(): Omit<LanguageState, 'store'> {
  const state = useContext(LanguageContext);
  if (state === null) throw new Error('outside a LanguageProvider');
  return state;
}

export interface Messages<F extends Feature> {
  /** Plain text. */
  t(key: Features[F], values?: Values): string;
  /** With `{#b}…{/b}` and the like turned into elements. */
  rich(key: Features[F], values: Values, tags: Tags): ReactNode;
}

/** The messages of one feature in the language that is read now. Suspends until they are there. */
export function useMessages<F extends Feature>(feature: F): Messages<F> {
  const state = useContext(LanguageContext);
  if (state === null) throw new Error('outside a LanguageProvider');
  const { store, language } = state;
  const catalog = use(store.load(feature, language));
  return useMemo(() => {
    const formatter = new Formatter(language, catalog);
    return {
      t: (key: Features[F], values?: Values) => formatter.text(key as string, values),
      rich: (key: Features[F], values: Values, tags: Tags) => formatter.rich(key as string, values, tags),
    };
  }, [language, catalog]);
}

/** The text of a charter in the language that is read, else in the first that there is. */
export function useLocalText(): (text: Readonly<Record<string, string>> | null | undefined) => string {
  const { language } = useLanguage();
  return (text) => text?.[language] ?? text?.en ?? Object.values(text ?? {})[0] ?? '';
}
