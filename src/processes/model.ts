/** The model process: brings the embedded model's file, loads it, and answers on a Unix socket. Up and honest meanwhile. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Model } from '../charter/schema.ts';
import {
  type Engine,
  type Fetched,
  type FetchStep,
  fetchModel,
  type ModelState,
  openEngine,
  serveModel,
} from '../inference/index.ts';
import type { ProcessConfig } from './config.ts';

/** Conversations that are computed together. */
const SEQUENCES = 8;
/** What the state says is renewed so often, milliseconds. */
const RENEW_EVERY_MS = 1_000;
/** A line of progress for each tenth of the file, and so often where it is slow, milliseconds. */
const REPORT_EVERY_MS = 10_000;
/** No source had the file: they are asked again after this, then after twice as long, and so on. */
const RETRY_FIRST_MS = 60_000;
const RETRY_MOST_MS = 3_600_000;
/** How often it is looked whether somebody put the file there, milliseconds. */
const LOOK_EVERY_MS = 2_000;

type Say = (type: string, next: ModelState, more?: object) => void;
type Present = Extract<Fetched, { kind: 'present' }>;

export async function runModel(config: ProcessConfig): Promise<void> {
  const { model } = config;
  let engine: Engine | null = null;
  let state: ModelState = { state: 'loading', detail: 'the model is being made ready; try again in a few seconds' };
  const say: Say = (type, next, more = {}) => {
    state = next;
    process.send?.({ type, detail: next.detail, ...more });
  };
  const renew = (next: ModelState) => {
    state = next;
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
  const fetched = await bringModel({ ...config, model }, { say, renew });
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

type ModelConfig = ProcessConfig & { readonly model: Model };

interface Telling {
  readonly say: Say;
  /** Changes the state without a line. */
  renew(state: ModelState): void;
}

/** Asks the sources until one has the file, or somebody put it there. What is wrong is said once, not at each try. */
async function bringModel(config: ModelConfig, { say, renew }: Telling): Promise<Present> {
  const { model } = config;
  let told = '';
  for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(2 * pauseMs, RETRY_MOST_MS)) {
    const fetched = await tryFetch(config, progressReporter(model, { say: told === '' ? say : () => {}, renew }));
    if (fetched.kind === 'present') return fetched;
    const absent: ModelState = { state: 'absent', detail: describeAbsence(config, fetched.tried) };
    renew(absent);
    if (absent.detail !== told) say('model-absent', absent);
    told = absent.detail;
    await waitForFile(config.modelOverride ?? join(config.modelsDir, `${model.id}.gguf`), pauseMs);
  }
}

async function tryFetch(config: ModelConfig, onStep: (step: FetchStep) => void): Promise<Fetched> {
  try {
    return await fetchModel({
      model: config.model,
      folder: config.modelsDir,
      override: config.modelOverride,
      environment: process.env,
      onStep,
    });
  } catch (cause) {
    // Such as a folder that cannot be written: not the end of the process, which has to say so.
    return { kind: 'absent', tried: [(cause as Error).message] };
  }
}

function describeAbsence({ model, modelOverride }: ModelConfig, tried: readonly string[]): string {
  const why = tried.length === 0 ? 'models.yaml names no source' : tried.join('; ');
  const mend =
    modelOverride === null
      ? `run \`./polity models pull ${model.id}\`, which this instance notices, or start again with POLITY_MODEL set to the file`
      : 'put the right file there, which this instance notices, or start again without POLITY_MODEL';
  return `the file of ${model.id} could not be had (${why}); ${mend}`;
}

/** Until a file that was not there is there, or the pause is over. */
async function waitForFile(path: string, pauseMs: number): Promise<void> {
  const wasThere = existsSync(path);
  for (let waitedMs = 0; waitedMs < pauseMs; waitedMs += LOOK_EVERY_MS) {
    await delay(LOOK_EVERY_MS);
    if (!wasThere && existsSync(path)) return;
  }
}

function progressReporter({ id, bytes: size }: Model, { say, renew }: Telling): (step: FetchStep) => void {
  let renewedMs = Number.NEGATIVE_INFINITY;
  let reportedMs = performance.now();
  let tenth = 0;
  return (step) => {
    if (step.kind === 'verifying') return renew({ state: 'verifying', detail: `checking the file of the model ${id}` });
    if (step.kind === 'source')
      return say('model-progress', { state: 'fetching', detail: `fetching the model ${id} from ${step.source}` });
    const nowMs = performance.now();
    if (nowMs - renewedMs < RENEW_EVERY_MS) return;
    renewedMs = nowMs;
    const { bytes, total } = step.progress;
    const whole = total ?? size;
    const percent = whole === null ? null : Math.min(100, Math.floor((100 * bytes) / whole));
    const share = percent === null ? '' : ` (${percent} %)`;
    const state: ModelState = {
      state: 'fetching',
      detail: `fetching the model ${id}: ${(bytes / 1e6).toFixed(1)} MB${share}`,
      progress: { bytes, percent },
    };
    renew(state);
    if (Math.floor((percent ?? 0) / 10) === tenth && nowMs - reportedMs < REPORT_EVERY_MS) return;
    tenth = Math.floor((percent ?? 0) / 10);
    reportedMs = nowMs;
    say('model-progress', state);
  };
}
