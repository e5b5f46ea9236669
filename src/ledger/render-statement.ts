/**
 * The canonical JSON (RFC 8785) of a statement, written out in the order that canonical form demands. What is the same for
 * many statements is rendered once; a statement is then the pieces, with what is its own between them. A test holds it to
 * the bytes of the general writer.
 */
import { canonicalJson, type Json } from '../kit/index.ts';
import { type Ending, PREDICATE_TYPE, STATEMENT_TYPE, type Stated } from './schema.ts';

export const DOES_NOT_PROVE =
  'that the answer is true, nor that the named weights ran: it proves what this service decided, recorded and sent';

/** Of one string that is well-formed, JSON.stringify gives the canonical form. */
const quote = JSON.stringify;

/** Rendered circumstances: what stands between the members that each statement has for itself. */
export interface Fragments {
  readonly beforeEnded: string;
  readonly beforeId: string;
  readonly beforeReason: string;
  readonly beforeSalts: string;
  readonly beforeMoney: string;
  readonly beforeUsage: string;
}

/** A salted commitment to what was said. */
export interface Commitment {
  readonly name: string;
  /** base64 */
  readonly salt: string;
  /** Hexadecimal. */
  readonly digest: string;
}

/** What a statement has for itself. */
export interface Particulars extends Pick<Ending, 'ended' | 'reason' | 'endedAt' | 'usage'> {
  readonly id: string;
  readonly attempt: { readonly number: number; readonly previous: string | null };
  readonly moneyMicros: number;
  readonly commitments: readonly Commitment[];
}

export function renderFragments(stated: Stated, currency: string): Fragments {
  const part = (value: unknown) => canonicalJson(value as Json);
  const { purpose } = stated;
  return {
    beforeEnded:
      `,"backend":${part(stated.backend)},"charter":${part(stated.charter)},` +
      `"classification":${part(stated.classification)},"doesNotProve":${quote(DOES_NOT_PROVE)},"ended":"`,
    beforeId: `","endpoint":${quote(stated.endpoint)},"family":"${stated.family}","id":"`,
    beforeReason:
      `","installation":${quote(stated.installation)},"model":${part(stated.model)},` +
      `"obligations":${part(stated.obligations)},"policy":${part(stated.policy)},` +
      `"purpose":{"id":${quote(purpose.id)},"legalBasis":${quote(purpose.legalBasis)}},"reason":`,
    beforeSalts: `,"requestedModel":${quote(stated.requestedModel)},"salts":{`,
    beforeMoney: `},"spent":{"currency":${quote(currency)},"moneyMicros":`,
    beforeUsage: `},"tenant":${quote(stated.tenant)},"usage":{"completionTokens":`,
  };
}

const HEAD = `{"_type":${quote(STATEMENT_TYPE)},"predicate":{"attempt":{"number":`;
const SUBJECTS = `"}},"predicateType":${quote(PREDICATE_TYPE)},"subject":[`;

/** Subjects keep the order in which things were said. Their names, base64 and hexadecimal need no escape. */
export function renderStatement(known: Fragments, own: Particulars): string {
  const { attempt, reason, usage, commitments } = own;
  let subjects = '';
  for (const { name, digest } of commitments) {
    subjects += `${subjects === '' ? '' : ','}{"digest":{"polityCommitV1":"${digest}"},"name":"${name}"}`;
  }
  return (
    `${HEAD}${attempt.number},"previous":${attempt.previous === null ? 'null' : quote(attempt.previous)}}` +
    `${known.beforeEnded}${own.ended}","endedAt":"${own.endedAt}${known.beforeId}${own.id}${known.beforeReason}` +
    `${reason === null ? 'null' : quote(reason)}${known.beforeSalts}${renderSalts(commitments)}${known.beforeMoney}` +
    `${own.moneyMicros}${known.beforeUsage}${usage.completionTokens},"promptTokens":${usage.promptTokens},` +
    `"source":"${usage.source}${SUBJECTS}${subjects}]}`
  );
}

/** Names are few, so sorting them costs nothing. */
function renderSalts(commitments: readonly Commitment[]): string {
  const sorted = commitments.length < 2 ? commitments : commitments.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map(({ name, salt }) => `"${name}":"${salt}"`).join(',');
}
