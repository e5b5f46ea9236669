import { useState } from 'react';
import { useMessages } from '../i18n/language.tsx';
import { keep, readKept } from '../keep.ts';

const CHOICE = 'polity-theme';
const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const names = { auto: 'themeAuto', light: 'themeLight', dark: 'themeDark' } as const;

/** Light, dark, or what the device says; kept on this device. */
export function ThemeChoice() {
  const { t } = useMessages('shell');
  const [theme, setTheme] = useState<Theme>(readTheme);
  const choose = (chosen: Theme) => {
    setTheme(chosen);
    keep(CHOICE, chosen);
    applyTheme(chosen);
  };
  return (
    <label className="theme-choice">
      <span>{t('theme')}</span>{' '}
      <select value={theme} onChange={(event) => choose(event.target.value as Theme)}>
        {themes.map((one) => (
          <option key={one} value={one}>
            {t(names[one])}
          </option>
        ))}
      </select>
    </label>
  );
}

function readTheme(): Theme {
  const kept = readKept(CHOICE);
  return themes.find((theme) => theme === kept) ?? 'auto';
}

function applyTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Before the first paint of the page. */
export function applyKeptTheme(): void {
  applyTheme(readTheme());
}
