/** The model process: brings the embedded model's file, loads it, and answers on a Unix socket. Up and honest meanwhile. */
import {
  type Engine,
  type FetchStep,
  fetchModel,
  type ModelState,
  openEngine,
  serveModel,
} from '../inference/index.ts';
import type { ProcessConfig } from './config.ts';

/** Conversations that are computed together. */
const SEQUENCES = 8;
/** A line of progress so often, milliseconds. */
const REPORT_EVERY_MS = 1_000;

export async function runModel(config: ProcessConfig): Promise<void> {
  const { model } = config;
  let engine: Engine | null = null;
  let state: ModelState = { state: 'loading', detail: 'the model is being made ready; try again in a few seconds' };
  const say = (type: string, next: ModelState, more: object = {}) => {
    state = next;
    process.send?.({ type, detail: next.detail, ...more });
  };
  const server = await serveModel(config.modelSocket, {
    id: model?.id ?? 'none',
    engine: () => engine,
    state: () => state,
  });
  process.on('message', (message: { type?: string }) => {
    if (message.type !== 'stop') return;
    server.close();
    server.closeAllConnections();
    process.exit(0);
  });
  process.send?.({ type: 'ready' });
  if (model === null) {
    return say('model-absent', {
      state: 'absent',
      detail: 'the charter names no embedded model; name one under `embedded` in charter.yaml',
    });
  }
  const fetched = await fetchModel({
    model,
    folder: config.modelsDir,
    override: config.modelOverride,
    environment: process.env,
    onStep: progressReporter(model.id, model.bytes, (next) => say('model-progress', next)),
  });
  if (fetched.kind === 'absent') {
    const detail = `the file of ${model.id} could not be had (${fetched.tried.join('; ')}); run \`./polity models pull ${model.id}\`, or set POLITY_MODEL to the file, and start again`;
    return say('model-absent', { state: 'absent', detail });
  }
  const { path, sha256, size, source } = fetched;
  say(
    'model-progress',
    { state: 'loading', detail: `loading the model ${model.id}` },
    { verified: { id: model.id, sha256, size, source } },
  );
  const startedMs = performance.now();
  try {
    engine = await openEngine({ path, contextTokens: model.context, sequences: SEQUENCES, threads: config.threads });
  } catch (cause) {
    return say('model-absent', {
      state: 'failed',
      detail: `the file of ${model.id} cannot be loaded: ${(cause as Error).message}`,
    });
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  say('model-ready', { state: 'ready', detail: `the model ${model.id} is ready (${seconds} s)` });
}

/** Turns steps into states, with a line of progress at most once a second. */
function progressReporter(
  id: string,
  size: number | null,
  say: (state: ModelState) => void,
): (step: FetchStep) => void {
  let reportedMs = Number.NEGATIVE_INFINITY;
  return (step) => {
    if (step.kind === 'verifying') return;
    if (step.kind === 'source')
      return say({ state: 'fetching', detail: `fetching the model ${id} from ${step.source}` });
    if (performance.now() - reportedMs < REPORT_EVERY_MS) return;
    reportedMs = performance.now();
    const { bytes, total } = step.progress;
    const whole = total ?? size;
    const share = whole === null ? '' : ` (${Math.min(100, Math.floor((100 * bytes) / whole))} %)`;
    say({ state: 'fetching', detail: `fetching the model ${id}: ${(bytes / 1e6).toFixed(1)} MB${share}` });
  };
}
