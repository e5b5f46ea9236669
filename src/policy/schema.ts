/** What policy reads and says. All attributes are finite, so a decision can be memoised and the whole domain proved. */
import type { Backend, Model, Purpose, Site, Tenant } from '../charter/schema.ts';

/** A point of the country's lattice: an index into the ordered levels, and a sorted set of caveats. */
export interface Classification {
  readonly level: number;
  readonly caveats: readonly string[];
}

/** A backend with everything the charter says of it, joined once when a charter is adopted. */
export interface BackendFacts {
  readonly backend: Backend;
  readonly model: Model;
  readonly site: Site;
  readonly clearance: Classification;
}

export interface DecisionFacts {
  readonly tenant: Tenant;
  readonly purpose: Purpose;
  readonly classification: Classification;
  /** An id of models.yaml that the caller asked for, or `auto` for any. */
  readonly requestedModel: string;
  readonly mode: 'chat';
}

/** A named policy, from its annotations. */
export interface Clause {
  /** The `@id` of the policy, or `no-permit` when no permit matched, or `policy-error`. */
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

/** The compiled law of one charter. Pure: the same facts give the same decision. */
export interface Law {
  /** SHA-256, hexadecimal, over both policy sets. */
  readonly digest: string;
  decide(facts: DecisionFacts): Decision;
}
