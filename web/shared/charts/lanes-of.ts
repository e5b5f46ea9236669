import type { Span } from '../../../src/record/schema.ts';
import type { Lane } from './lanes.tsx';

type Series = 'inCountry' | 'abroad' | 'refused';

interface Words {
  readonly names: Readonly<Record<Series, string>>;
  say(name: string, sum: number, max: number): string;
  /** Addresses of the entries of each lane. */
  readonly hrefs?: Readonly<Record<Series, string>>;
}

/** Where requests ran, as three lanes. */
export function lanesOf(spans: readonly Span[], { names, say, hrefs }: Words): Lane[] {
  const lane = (key: Series, look: Pick<Lane, 'series' | 'place'>): Lane => {
    const values = spans.map((span) => span[key]);
    const sum = values.reduce((total, value) => total + value, 0);
    const says = say(names[key], sum, Math.max(0, ...values));
    return { ...look, name: names[key], values, says, ...(hrefs === undefined ? {} : { href: hrefs[key] }) };
  };
  return [
    lane('inCountry', { series: 'solid', place: 'in-country' }),
    lane('abroad', { series: 'hatched', place: 'abroad' }),
    lane('refused', { series: 'outline', place: 'not-sent' }),
  ];
}
