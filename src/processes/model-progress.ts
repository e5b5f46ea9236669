import { formatTime, systemClock } from '../kit/index.ts';
import { announceVerifiedModel, type Database } from '../store/index.ts';

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
    if (verified !== undefined) void announceModel(pool, verified).catch((cause: Error) => report(cause.message));
  };
}

function announceModel(pool: Hooks['pool'], verified: NonNullable<ModelMessage['verified']>): Promise<void> {
  const time = formatTime(systemClock.wallMs());
  return announceVerifiedModel(pool, { type: 'model.verified', time, ...verified });
}
