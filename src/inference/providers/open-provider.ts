import { openGuardedPool, type PoolOptions } from '../open-guarded-pool.ts';
import { failUnsent, plainHeaders } from '../open-upstream.ts';
import type { ModelCall, ModelEvents, ModelPort, RunningCall } from '../ports.ts';
import { startCall } from '../start-call.ts';
import { answerChat } from './answer-chat.ts';
import { answerEmbeddings } from './answer-embeddings.ts';
import { answerRerank } from './answer-rerank.ts';
import { type DriverSettings, keyText, type OpenDriver } from './driver.ts';
import { Exchange } from './exchange.ts';
import type { Job } from './job.ts';
import { ProviderRun } from './provider-run.ts';

/** Providers whose API is translated. */
export type TranslatedDialect = 'anthropic' | 'bedrock' | 'vertex' | 'cohere' | 'mistral';

export interface ProviderOptions extends Omit<PoolOptions, 'socketPath'>, DriverSettings {
  readonly dialect: TranslatedDialect;
  /** Why there is nothing to ask with now, as a public sentence, or null. */
  keyObstacle?(): string | null;
}

/** Packages come when a charter names their provider: nobody else pays for loading them. */
const loaders: Readonly<Record<TranslatedDialect, () => Promise<OpenDriver>>> = {
  anthropic: async () => (await import('./drivers/anthropic.ts')).openAnthropic,
  bedrock: async () => (await import('./drivers/bedrock.ts')).openBedrock,
  vertex: async () => (await import('./drivers/vertex.ts')).openVertex,
  cohere: async () => (await import('./drivers/cohere.ts')).openCohere,
  mistral: async () => (await import('./drivers/mistral.ts')).openMistral,
};

const answers: Readonly<Record<string, (job: Job) => Promise<void>>> = {
  '/chat/completions': answerChat,
  '/embeddings': answerEmbeddings,
  '/rerank': answerRerank,
};

/** Anthropic's own API, whose bytes pass as they are. */
const nativePaths: readonly string[] = ['/messages', '/messages/count_tokens'];
/** The version that Anthropic's reference names, 2026-11. */
const ANTHROPIC_VERSION = '2023-06-01';

/** A provider with an API of its own that takes and answers OpenAI's. */
export function openProvider(options: ProviderOptions): ModelPort {
  const { pool, refused } = openGuardedPool(options);
  const { origin, pathname } = new URL(options.baseUrl);
  const settings = { ...options, baseUrl: options.baseUrl.replace(/\/$/, '') };
  const line = { pool, prefix: pathname.replace(/\/$/, '') };
  let obstacle: string | null = null;
  const opening = loaders[options.dialect]();
  opening.catch(() => {
    obstacle = `the package that speaks \`${options.dialect}\` is not installed`;
  });
  const translate = async (call: ModelCall, run: ProviderRun) => {
    try {
      const openDriver = await opening;
      const answer = answers[call.path];
      if (answer === undefined)
        return run.answer(404, { error: { message: 'no such path here', type: 'invalid_request_error' } });
      if (run.hasEnded) return;
      await answer({
        ...call,
        run,
        open(check) {
          const exchange = new Exchange({ pool, origin, call, ...(check === undefined ? {} : { check }) });
          run.use(exchange);
          return { driver: openDriver(settings, exchange.fetch), exchange };
        },
      });
    } catch (cause) {
      run.fail(cause);
    }
  };
  return {
    call(call, events) {
      if (refused !== null) return failUnsent(events, refused);
      if (options.dialect === 'anthropic' && nativePaths.includes(call.path)) return passThrough(call, events);
      const run = new ProviderRun(events);
      void translate(call, run);
      return run;
    },
    obstacle: () => refused ?? obstacle ?? options.keyObstacle?.() ?? null,
    close: () => pool.close(),
  };

  function passThrough(call: ModelCall, events: ModelEvents): RunningCall {
    const headers = { ...plainHeaders, 'anthropic-version': ANTHROPIC_VERSION, 'x-api-key': keyText(options.key) };
    return startCall({ pool, path: line.prefix + call.path, headers }, call, events);
  }
}
