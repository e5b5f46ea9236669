import { type CharterError, findNearest } from '../charter/index.ts';
import { builtinClauses } from './builtin-clauses.ts';
import { errorAtAnnotation, type PolicySource } from './policy-place.ts';
import type { NamedPolicy, Obligation } from './schema.ts';

const required = ['id', 'name', 'legalBasis', 'owner', 'reviewDate'] as const;
const obligationKinds: readonly Obligation['kind'][] = ['disclose', 'pseudonymise'];

type Named = Pick<NamedPolicy, 'id' | 'name' | 'legalBasis' | 'owner' | 'reviewDate' | 'sentences' | 'obligations'>;

interface Annotated {
  readonly annotations: Readonly<Record<string, string>>;
  readonly effect: 'permit' | 'forbid';
  readonly languages: readonly string[];
}

/** Every policy carries who answers for it, on what law it rests, and a sentence for the person who meets it. */
export function checkAnnotations(source: PolicySource, { annotations, effect, languages }: Annotated) {
  const errors: CharterError[] = [];
  const sentenceKeys = languages.map(sentenceKey);
  const known = [...required, ...sentenceKeys, ...(effect === 'permit' ? ['obligation'] : [])];
  for (const key of Object.keys(annotations)) {
    // A sentence in a further language is welcome; everything else unknown may be a slip that hides an obligation.
    if (known.includes(key) || key.startsWith('sentence_')) continue;
    errors.push(
      errorAtAnnotation(source, `@${key}`, {
        found: `the unknown annotation \`@${key}\` on a ${effect}`,
        expected: `one of ${known.map((name) => `\`@${name}\``).join(', ')}`,
        nearest: atSign(findNearest(key, known)),
      }),
    );
  }
  for (const key of [...required, ...sentenceKeys]) {
    if ((annotations[key] ?? '').trim() !== '') continue;
    errors.push(
      errorAtAnnotation(source, effect, { found: `no \`@${key}\``, expected: `\`@${key}("…")\` before each policy` }),
    );
  }
  checkForms(source, annotations, errors);
  const obligations = readObligations(source, annotations.obligation, errors);
  const named = annotations.id === undefined ? null : name(annotations, obligations);
  return { errors, named };
}

function atSign(key: string | undefined): string | undefined {
  return key === undefined ? undefined : `@${key}`;
}

function checkForms(source: PolicySource, annotations: Readonly<Record<string, string>>, errors: CharterError[]): void {
  const { id, reviewDate } = annotations;
  if (id !== undefined && !/^[a-z0-9][a-z0-9.-]{0,62}$/.test(id)) {
    errors.push(
      errorAtAnnotation(source, '@id', {
        found: `the id \`${id.slice(0, 63)}\``,
        expected: 'lower-case letters, digits, dots and hyphens',
      }),
    );
  }
  if (id !== undefined && Object.hasOwn(builtinClauses, id)) {
    errors.push(
      errorAtAnnotation(source, '@id', {
        found: `the id \`${id}\``,
        expected: 'an id that is not a clause of the platform itself',
      }),
    );
  }
  if (reviewDate !== undefined && reviewDate !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(reviewDate)) {
    errors.push(
      errorAtAnnotation(source, '@reviewDate', {
        found: `\`${reviewDate.slice(0, 40)}\``,
        expected: 'a date like 2026-11-23',
      }),
    );
  }
}

function readObligations(source: PolicySource, text: string | undefined, errors: CharterError[]): Obligation['kind'][] {
  const names = (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (text !== undefined && names.length === 0) names.push('');
  for (const name of names) {
    if (obligationKinds.includes(name as Obligation['kind'])) continue;
    errors.push(
      errorAtAnnotation(source, '@obligation', {
        found: `the obligation \`${name}\``,
        expected: `one of ${obligationKinds.map((kind) => `\`${kind}\``).join(', ')}, separated by commas`,
        nearest: findNearest(name, obligationKinds),
      }),
    );
  }
  return names as Obligation['kind'][];
}

function name(annotations: Readonly<Record<string, string>>, obligations: Obligation['kind'][]): Named {
  const sentences: Record<string, string> = {};
  for (const [key, text] of Object.entries(annotations)) {
    if (key.startsWith('sentence_')) sentences[key.slice('sentence_'.length).replaceAll('_', '-')] = text;
  }
  const of = (key: (typeof required)[number]): string => annotations[key] ?? '';
  return {
    id: of('id'),
    name: of('name'),
    legalBasis: of('legalBasis'),
    owner: of('owner'),
    reviewDate: of('reviewDate'),
    sentences,
    obligations,
  };
}

/** `sentence_et`; a tag like `zh-Hans` becomes `sentence_zh_Hans`, since Cedar's identifiers have no hyphens. */
function sentenceKey(language: string): string {
  return `sentence_${language.replaceAll('-', '_')}`;
}
