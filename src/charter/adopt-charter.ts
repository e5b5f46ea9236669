import { type Clock, formatTime } from '../kit/index.ts';
import type { CharterError } from './charter-error.ts';
import { type FileChanges, fileChanges } from './file-changes.ts';
import type { AdoptionRecord, CharterCheck, CharterStore, CharterVersion } from './ports.ts';
import type { Charter, CharterBytes } from './schema.ts';

export interface AdoptionPorts {
  readonly store: CharterStore;
  readonly check: CharterCheck;
  readonly clock: Clock;
}

export type Adoption =
  | { readonly kind: 'invalid'; readonly errors: readonly CharterError[] }
  | { readonly kind: 'unchanged'; readonly charter: Charter; readonly warnings: readonly CharterError[] }
  /** Kept as a proposal; the version in force stays. */
  | {
      readonly kind: 'waiting';
      readonly charter: Charter;
      readonly signaturesNeeded: number;
      readonly changes: FileChanges;
    }
  | {
      readonly kind: 'adopted';
      readonly charter: Charter;
      readonly changes: FileChanges;
      readonly record: AdoptionRecord;
      readonly warnings: readonly CharterError[];
    };

/** Checks edited files, keeps them as a proposal, and puts them in force when no signatures are needed. */
export async function adoptCharter(bytes: CharterBytes, ports: AdoptionPorts): Promise<Adoption> {
  const checked = ports.check(bytes);
  if (checked.kind === 'invalid') return checked;
  const { charter, warnings } = checked;
  const current = await ports.store.currentVersion();
  if (current?.digest === charter.digest) return { kind: 'unchanged', charter, warnings };

  const before = current === null ? null : await ports.store.loadVersion(current.digest);
  const changes = fileChanges(before ?? new Map(), bytes);
  const atMs = ports.clock.wallMs();
  const { country, status, quorum } = charter.country;
  await ports.store.saveVersion({ digest: charter.digest, country, status, quorum, proposedAtMs: atMs, bytes });

  const signaturesNeeded = Math.max(neededBy(current), neededBy(charter.country));
  if (signaturesNeeded > 0) return { kind: 'waiting', charter, signaturesNeeded, changes };
  const record = recordOf(charter, { bytes, current, atMs });
  await ports.store.adopt(charter.digest, atMs, record);
  return { kind: 'adopted', charter, changes, warnings, record };
}

/** The version in force has a say too: files that set their own quorum to 0 must not free themselves. */
function neededBy(version: Pick<CharterVersion, 'status' | 'quorum'> | null): number {
  return version === null || version.status === 'example' ? 0 : version.quorum;
}

function recordOf(
  charter: Charter,
  { bytes, current, atMs }: { bytes: CharterBytes; current: CharterVersion | null; atMs: number },
): AdoptionRecord {
  const { country, status, quorum } = charter.country;
  return {
    type: 'charter.adopted',
    id: charter.digest,
    time: formatTime(atMs),
    sha256: charter.digest,
    size: [...bytes.values()].reduce((total, content) => total + content.length, 0),
    country,
    status,
    quorum,
    previous: current?.digest ?? null,
  };
}
