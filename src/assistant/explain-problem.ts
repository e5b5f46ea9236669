import { z } from 'zod';
import type { Problem } from '../kit/index.ts';
import type { Refusal, TurnState } from './schema.ts';
import type { TurnReason } from './turn-content.ts';

const clause = z.object({
  id: z.string(),
  name: z.string(),
  legalBasis: z.string(),
  sentences: z.record(z.string(), z.string()),
});
const considered = z.object({ backend: z.string(), allowed: z.boolean(), clauses: z.array(z.string()) });
/** What the path puts into the members of a denial. */
const members = z.object({
  clauses: z.array(clause).catch([]),
  considered: z.array(considered).catch([]),
  classification: z.union([z.string(), z.object({ level: z.string() }).transform(({ level }) => level)]).catch(''),
});

const refusals: ReadonlySet<string> = new Set(['refused-by-policy', 'instructions-refused']);

/** How a turn ends that the path ended with a problem. A process that stops leaves it unfinished, to be asked again. */
export function explainProblem(
  problem: Problem,
): TurnReason & { readonly state: TurnState & ('refused' | 'failed' | 'unfinished') } {
  const { code, detail } = problem;
  if (refusals.has(code)) return { state: 'refused', refusal: refusalOf(problem), failure: null };
  const state = code === 'stopping' ? 'unfinished' : 'failed';
  return { state, refusal: null, failure: { code, detail } };
}

function refusalOf({ code, extras }: Problem): Refusal {
  const found = members.parse(extras.members ?? {});
  return {
    code,
    clauses: found.clauses.map(({ id, name, legalBasis, sentences }) => ({
      id,
      name,
      legalBasis,
      sentence: sentences,
    })),
    classification: found.classification,
    considered: found.considered,
  };
}
