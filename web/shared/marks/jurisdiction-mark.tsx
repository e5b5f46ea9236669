export type Place = 'in-country' | 'abroad' | 'abroad-masked' | 'not-sent' | 'unknown';

const shapes = {
  'in-country': { width: 20, className: 'mark mark-in' },
  abroad: { width: 28, className: 'mark mark-away' },
  'abroad-masked': { width: 28, className: 'mark mark-away' },
  'not-sent': { width: 20, className: 'mark mark-no' },
  unknown: { width: 20, className: 'mark mark-unknown' },
} as const;

/** The square is the border, the dot is where the text was processed. Always followed by a word, so never named itself. */
export function JurisdictionMark({ place, size = 20 }: { readonly place: Place; readonly size?: number }) {
  const { width, className } = shapes[place];
  return (
    <svg
      className={className}
      viewBox={`0 0 ${width} 20`}
      width={(size * width) / 20}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
      focusable="false"
    >
      {drawing(place)}
    </svg>
  );
}

function drawing(place: Place) {
  switch (place) {
    case 'in-country':
      return (
        <>
          <rect x="2" y="2" width="16" height="16" />
          <circle cx="10" cy="10" r="4" fill="currentColor" stroke="none" />
        </>
      );
    case 'abroad':
    case 'abroad-masked':
      return (
        <>
          <path d="M18 6V2H2v16h16v-4M7 10h12" />
          <circle cx="23" cy="10" r="3.2" fill={place === 'abroad' ? 'currentColor' : 'none'} />
        </>
      );
    case 'not-sent':
      return (
        <>
          <rect x="2" y="2" width="16" height="16" />
          <path d="M3 17 17 3" />
        </>
      );
    case 'unknown':
      return <rect x="2" y="2" width="16" height="16" strokeDasharray="3.4 2.6" />;
  }
}

const tones = {
  'in-country': 'in',
  abroad: 'away',
  'abroad-masked': 'away',
  'not-sent': 'no',
  unknown: 'unknown',
} as const;

export const toneOf = (place: Place) => tones[place];

/** A mark with its word: the place, or the reason. */
export function Where({ place, children }: { readonly place: Place; readonly children: React.ReactNode }) {
  return (
    <span className={`where where-${tones[place]}`}>
      <JurisdictionMark place={place} /> {children}
    </span>
  );
}
