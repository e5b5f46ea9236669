import { useMessages } from '../i18n/language.tsx';
import { useFormats } from '../i18n/use-formats.ts';
import { type PathStep, proofPath } from './proof-path.ts';

interface ProofDrawingProps {
  readonly place: { readonly index: number; readonly size: number };
  /** From the broken step on the line is dashed. */
  readonly broken: 'entry' | 'head' | null;
}

/** One line from the entry to the tree head; each fingerprint a square on a stem, its side growing with the logarithm. */
export function ProofDrawing({ place, broken }: ProofDrawingProps) {
  const { t } = useMessages('receipt');
  const { number } = useFormats();
  const { index, size } = place;
  const steps = proofPath(index, size);
  const values = { count: steps.length, earlier: number(index), later: number(size - index - 1), size: number(size) };
  const sentence = size === 1 ? t('proofAlone') : t('proofText', values);
  return (
    <section className="receipt-proof">
      <h4>{t('howProved', { n: number(index) })}</h4>
      <p>{sentence}</p>
      <Across steps={steps} place={place} label={sentence} broken={broken} />
      <Down steps={steps} place={place} label={sentence} broken={broken} />
    </section>
  );
}

interface DrawingProps extends ProofDrawingProps {
  readonly steps: readonly PathStep[];
  readonly label: string;
}

const GAP = 46;
const LINE_Y = 76;
/** Room for the entry's words before the line begins. */
const LEAD = 130;

/** Side of a square, in units of the drawing: 6 for one entry, 2 more for each fourfold. */
function side({ entries }: PathStep): number {
  return 6 + Math.log2(entries);
}

function lineOf(isBroken: boolean): string {
  return isBroken ? 'proof-line proof-broken' : 'proof-line';
}

function Across({ steps, place, label, broken }: DrawingProps) {
  const { t } = useMessages('receipt');
  const { number } = useFormats();
  const end = LEAD + 24 + (steps.length + 1) * GAP;
  const width = end + 130;
  return (
    <div className="proof-across scroll">
      <svg viewBox={`0 0 ${width} 152`} width={width} height="152" role="img" aria-label={label} direction="ltr">
        <text x="0" y="32" className="quiet-text">
          {t('earlier')}
        </text>
        <text x="0" y={LINE_Y + 5} className="strong-text">
          {t('entry', { n: number(place.index) })}
        </text>
        <text x="0" y="130" className="quiet-text">
          {t('later')}
        </text>
        <path d={`M${LEAD + 12} ${LINE_Y}H${end - GAP}`} className={lineOf(broken === 'entry')} />
        <path d={`M${end - GAP} ${LINE_Y}H${end}`} className={lineOf(broken !== null)} />
        <EntrySign x={LEAD} y={LINE_Y} />
        {steps.map((step, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a proof have no other name
          <StepAcross key={position} step={step} x={LEAD + 24 + (position + 1) * GAP - GAP / 2} />
        ))}
        <rect x={end} y={LINE_Y - 10} width="20" height="20" className="proof-solid" />
        <text x={end + 30} y={LINE_Y - 2} className="strong-text">
          {t('treeHead')}
        </text>
        <text x={end + 30} y={LINE_Y + 16} className="quiet-text">
          {t('entriesN', { n: number(place.size), count: place.size })}
        </text>
      </svg>
    </div>
  );
}

function StepAcross({ step, x }: { readonly step: PathStep; readonly x: number }) {
  const { number } = useFormats();
  const length = side(step);
  const up = step.side === 'earlier';
  const stem = up ? LINE_Y - 18 : LINE_Y + 18;
  const top = up ? stem - length : stem;
  const textY = up ? top - 7 : top + length + 17;
  return (
    <>
      <path d={`M${x} ${LINE_Y}V${stem}`} className="proof-line" />
      <circle cx={x} cy={LINE_Y} r="3.5" className="proof-solid" />
      <rect x={x - length / 2} y={top} width={length} height={length} className="proof-hollow" />
      <text x={x} y={textY} textAnchor="middle">
        {number(step.entries)}
      </text>
    </>
  );
}

const DOWN_GAP = 40;

function Down({ steps, place, label, broken }: DrawingProps) {
  const { t } = useMessages('receipt');
  const { number } = useFormats();
  const end = 30 + (steps.length + 1) * DOWN_GAP;
  return (
    <div className="proof-down">
      <svg viewBox={`0 0 260 ${end + 40}`} width="260" height={end + 40} role="img" aria-label={label} direction="ltr">
        <path d={`M130 30V${end - DOWN_GAP}`} className={lineOf(broken === 'entry')} />
        <path d={`M130 ${end - DOWN_GAP}V${end}`} className={lineOf(broken !== null)} />
        <EntrySign x={130} y={18} />
        <text x="152" y="23" className="strong-text">
          {t('entry', { n: number(place.index) })}
        </text>
        {steps.map((step, position) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a proof have no other name
          <StepDown key={position} step={step} y={30 + (position + 1) * DOWN_GAP - 10} />
        ))}
        <rect x="120" y={end} width="20" height="20" className="proof-solid" />
        <text x="152" y={end + 15} className="strong-text">
          {t('treeHead')}, {number(place.size)}
        </text>
      </svg>
    </div>
  );
}

function StepDown({ step, y }: { readonly step: PathStep; readonly y: number }) {
  const { number } = useFormats();
  const length = side(step);
  const before = step.side === 'earlier';
  const x = before ? 112 - length : 148;
  return (
    <>
      <path d={`M130 ${y}H${before ? 112 : 148}`} className="proof-line" />
      <circle cx="130" cy={y} r="3.5" className="proof-solid" />
      <rect x={x} y={y - length / 2} width={length} height={length} className="proof-hollow" />
      <text x={before ? x - 6 : x + length + 6} y={y + 5} textAnchor={before ? 'end' : 'start'}>
        {number(step.entries)}
      </text>
    </>
  );
}

function EntrySign({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <>
      <rect x={x - 9} y={y - 9} width="18" height="18" className="proof-hollow" />
      <circle cx={x} cy={y} r="4.5" className="proof-solid" />
    </>
  );
}
