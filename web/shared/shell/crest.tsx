import type { AssistantDescription } from '../../../src/assistant/schema.ts';
import { JurisdictionMark } from '../marks/jurisdiction-mark.tsx';

const SIZE = 26;

/** The sign of the state beside the name, in the ink of the page; without one, the mark of an answer made in the country. */
export function Crest({ crest }: { readonly crest: AssistantDescription['crest'] | undefined }) {
  if (crest == null) return <JurisdictionMark place="in-country" size={SIZE} />;
  return (
    <svg className="mark" viewBox={crest.viewBox} width={SIZE} height={SIZE} fill="currentColor" aria-hidden="true">
      <path d={crest.path} />
    </svg>
  );
}
