import { Menu } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useDescription } from '../api/use-description.ts';
import { useLocalText, useMessages } from '../i18n/language.tsx';
import { applyStateHue } from '../style/state-theme.ts';
import { Crest } from './crest.tsx';
import { SpecimenBand } from './specimen-band.tsx';

interface MastheadProps {
  /** What stands under the name instead of the tagline. */
  readonly subtitle?: string;
  readonly home: string;
  /** Links of the surface; behind Menu where there is no room. */
  readonly navigation: ReactNode;
  /** Always in sight. */
  readonly children: ReactNode;
}

/** Specimen band, name, navigation: the same head on every surface. */
export function Masthead({ subtitle, home, navigation, children }: MastheadProps) {
  const { t } = useMessages('shell');
  const local = useLocalText();
  const description = useDescription();
  const [open, setOpen] = useState(false);
  const [path] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link of the menu has led somewhere, so the menu closes
  useEffect(() => setOpen(false), [path]);
  const hue = description?.hue ?? null;
  useEffect(() => applyStateHue(hue), [hue]);
  return (
    <header className="masthead">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <SpecimenBand />
      <div className="masthead-row">
        <Link className="name" href={home}>
          <Crest crest={description?.crest} />
          <span>
            {local(description?.name) || t('fallbackName')}
            <small>{subtitle ?? local(description?.tagline)}</small>
          </span>
        </Link>
        <button
          type="button"
          className="button menu"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpen(!open)}
        >
          <Menu className="icon" aria-hidden="true" /> <span className="menu-word">{t('menu')}</span>
        </button>
        <nav id="navigation" className={open ? 'tabs open' : 'tabs'} aria-label={t('main')}>
          {navigation}
        </nav>
        {children}
      </div>
    </header>
  );
}
