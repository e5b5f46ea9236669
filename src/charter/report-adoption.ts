import type { Adoption } from './adopt-charter.ts';
import type { CharterError } from './charter-error.ts';
import type { FileChanges } from './file-changes.ts';

/** What `POST /charter/apply` answers, as JSON. */
export type AdoptionReport =
  | { readonly kind: 'invalid'; readonly errors: readonly CharterError[] }
  | {
      readonly kind: 'adopted' | 'unchanged' | 'waiting';
      readonly digest: string;
      readonly warnings: readonly CharterError[];
      readonly changes: FileChanges;
      /** 0 unless it waits. */
      readonly signaturesNeeded: number;
    };

export function reportAdoption(adoption: Adoption): AdoptionReport {
  if (adoption.kind === 'invalid') return { kind: 'invalid', errors: adoption.errors };
  return {
    kind: adoption.kind,
    digest: adoption.charter.digest,
    warnings: adoption.kind === 'waiting' ? [] : adoption.warnings,
    changes: adoption.kind === 'unchanged' ? { added: [], changed: [], removed: [] } : adoption.changes,
    signaturesNeeded: adoption.kind === 'waiting' ? adoption.signaturesNeeded : 0,
  };
}
