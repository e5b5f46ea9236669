/** What policy reads and says. All attributes are finite, so a decision can be memoised and the whole domain proved. */
import type { AnswerMode, Backend, Model, Purpose, Site, Tenant } from '../charter/schema.ts';

/** A point of the country's lattice: an index into the ordered levels, and a sorted set of caveats. */
export interface Classification {
  readonly level: number;
  readonly caveats: readonly string[];
}

/** A backend with everything the charter says of it, joined once when a charter is adopted. */
export interface BackendFacts {
  readonly backend: Backend;
  /** Null for `retrieval`, which quotes and writes nothing. */
  readonly model: Model | null;
  readonly site: Site;
  readonly clearance: Classification;
}

export interface DecisionFacts {
  readonly tenant: Tenant;
  readonly purpose: Purpose;
  readonly classification: Classification;
  /** An id of models.yaml that the caller asked for, or `auto` for any. */
  readonly requestedModel: string;
  readonly mode: Exclude<AnswerMode, 'written'>;
}

/** A named policy, from its annotations. */
export interface Clause {
  /** The `@id` of the policy, or a built-in clause such as `no-permit` or `policy-error` (builtin-clauses.ts). */
  readonly id: string;
  readonly set: 'red-lines' | 'law';
  readonly name: string;
  readonly legalBasis: string;
  /** One sentence per language. */
  readonly sentences: Readonly<Record<string, string>>;
}

export interface Route {
  readonly facts: BackendFacts;
  /** The permits that allowed it. */
  readonly permittedBy: readonly string[];
  /** What this route alone demands; the decision's `obligations` are those of all its routes. */
  readonly obligations: readonly Obligation[];
}

export type Obligation =
  | { readonly kind: 'disclose'; readonly clause: string }
  | { readonly kind: 'pseudonymise'; readonly clause: string };

export interface ConsideredBackend {
  readonly backend: string;
  readonly allowed: boolean;
  readonly clauses: readonly string[];
}

export type Decision =
  | {
      readonly kind: 'allow';
      /** The legal set, best first. Never empty. */
      readonly routes: readonly Route[];
      readonly obligations: readonly Obligation[];
      readonly considered: readonly ConsideredBackend[];
      readonly policyDigest: string;
    }
  | {
      readonly kind: 'deny';
      /** Never empty. */
      readonly clauses: readonly Clause[];
      readonly considered: readonly ConsideredBackend[];
      readonly policyDigest: string;
    };

/** A policy as it stands in a file. */
export interface NamedPolicy extends Clause {
  readonly effect: 'permit' | 'forbid';
  readonly owner: string;
  readonly reviewDate: string;
  readonly obligations: readonly Obligation['kind'][];
  /** Such as `policies/residency.cedar`. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** A released set of red lines, as it lies in this version of Polity. */
export interface RedLineSet {
  readonly name: string;
  /** Such as `red-lines/universal.cedar`. */
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

/** The compiled law of one charter. Pure: the same facts give the same decision. */
export interface Law {
  /** SHA-256, hexadecimal, over both policy sets. */
  readonly digest: string;
  /** Every named policy of both sets, for explanations. */
  readonly policies: readonly NamedPolicy[];
  decide(facts: DecisionFacts): Decision;
}
