import { formatTime, systemClock } from '../kit/index.ts';
import { announce, type Database, noteVerifiedModel } from '../store/index.ts';

interface ModelMessage {
  readonly type?: string;
  readonly detail?: string;
  readonly verified?: { readonly id: string; readonly sha256: string; readonly size: number; readonly source: string };
}

interface Hooks {
  readonly pool: Database<never>['pool'];
  report(line: string): void;
  step(line: string): void;
  /** The model is loaded, or has said why it is not. */
  onSettled(): void;
}

/** Takes what the model process tells: progress for people, a verified digest for the governance log (once for each digest). */
export function listenToModel({ pool, report, step, onSettled }: Hooks): (message: ModelMessage) => void {
  return ({ type, detail, verified }) => {
    if (type === 'model-progress' || type === 'model-ready') step(detail ?? '');
    if (type === 'model-absent') report(detail ?? 'the model is not there');
    if (type === 'model-ready' || type === 'model-absent') onSettled();
    if (verified !== undefined) void announceOnce(pool, verified).catch((cause: Error) => report(cause.message));
  };
}

async function announceOnce(pool: Hooks['pool'], verified: NonNullable<ModelMessage['verified']>): Promise<void> {
  if (!(await noteVerifiedModel(pool, verified))) return;
  const time = formatTime(systemClock.wallMs());
  await announce(pool, {
    type: 'model.verified',
    id: verified.id,
    time,
    sha256: verified.sha256,
    size: verified.size,
    source: verified.source,
  });
}
