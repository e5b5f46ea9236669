import type { Backend } from '../../charter/schema.ts';
import { describeSpeed } from '../../inference/index.ts';
import type { ApiParts } from '../parts.ts';
import type { BackendState, BackendView } from '../schema.ts';
import { type LiveBackend, readLive } from './read-live.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The charter's facts of each backend with what is seen of it now. */
export async function describeBackends(parts: ApiParts): Promise<BackendView[]> {
  const { charter } = parts.inForce();
  const nowMs = parts.clock.wallMs();
  const [answers, minutes, metrics] = await Promise.all([
    parts.record.answersByBackend(nowMs),
    parts.speeds.since(nowMs - HOUR_MS),
    parts.metrics.render(),
  ]);
  const live = readLive(metrics);
  const { parts: ready } = await parts.readiness();
  return charter.backends.map((backend) => {
    const site = charter.sites.find(({ id }) => id === backend.site);
    const jurisdiction = site?.jurisdiction ?? '';
    const obstacle = obstacleOf(backend, parts, ready.model);
    const count = answers.get(backend.id) ?? 0;
    const speed = describeSpeed(
      minutes.filter((minute) => minute.backend === backend.id),
      { nowMs, concurrent: backend.concurrent },
    );
    const inCountry = jurisdiction === charter.country.country;
    return {
      id: backend.id,
      model: backend.model,
      dialect: backend.dialect,
      site: backend.site,
      place: site?.place ?? backend.site,
      jurisdiction,
      inCountry,
      operator: backend.operator.name,
      operatorJurisdiction: backend.operator.jurisdiction,
      parentJurisdiction: backend.parentJurisdiction,
      clearance: backend.clearance,
      state: stateOf({ obstacle, count, inCountry, isFailing: speed.isFailing }),
      obstacle,
      speed,
      answers: count,
      evidenceAgeDays: evidenceAge(backend, nowMs),
      live: describeLive(backend, live.get(backend.id)),
      price: {
        input: backend.price.inputPerMillion,
        output: backend.price.outputPerMillion,
        currency: charter.country.currency,
      },
      whPer1000Tokens: backend.energy.whPer1000Tokens,
    };
  });
}

function describeLive({ concurrent }: Backend, live: LiveBackend | undefined): BackendView['live'] {
  const { running = 0, waiting = 0, restSeconds = 0, outputTokens = 0, answeringSeconds = 0 } = live ?? {};
  const tokensPerSecond = outputTokens > 0 && answeringSeconds > 0 ? outputTokens / answeringSeconds : null;
  return { running, waiting, places: concurrent, restSeconds, tokensPerSecond };
}

/** The embedded model says itself what keeps it; an upstream's port knows what it has met. */
function obstacleOf(
  { id, dialect }: Backend,
  { inForce }: ApiParts,
  model: { readonly ok: boolean; readonly detail?: string } | undefined,
): string | null {
  if (dialect === 'embedded' && model !== undefined && !model.ok) return model.detail ?? 'the model does not answer';
  return inForce().ports.get(id)?.obstacle() ?? null;
}

interface Seen {
  readonly obstacle: string | null;
  readonly count: number;
  readonly inCountry: boolean;
  readonly isFailing: boolean;
}

function stateOf(seen: Seen): BackendState {
  if (seen.obstacle !== null) return 'held';
  if (seen.isFailing) return 'failing';
  if (!seen.inCountry) return 'limited';
  return seen.count > 0 ? 'serving' : 'idle';
}

function evidenceAge({ evidence }: Backend, nowMs: number): number | null {
  const newest = evidence.map(({ date }) => Date.parse(date)).toSorted((a, b) => b - a)[0];
  return newest === undefined ? null : Math.max(0, Math.floor((nowMs - newest) / DAY_MS));
}
