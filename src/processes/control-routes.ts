import { identityControl } from '../identity/index.ts';
import { Problem, systemClock } from '../kit/index.ts';
import { openKeyStore, openSessionStore, openUsageStore } from '../store/index.ts';
import type { ControlRoutes } from './control-server.ts';
import type { Children, SupervisedParts } from './start-children.ts';
import { tellUsage } from './tell-usage.ts';

/** Running answers of a gateway that is replaced: an hour is longer than any may take. */
const GRACE_MOST_MS = 3_600_000;

interface Running {
  readonly children: Children;
  /** Monotonic. */
  readonly startedMs: number;
  end(): void;
}

/** What `./polity` may ask of the running instance. */
export function controlRoutes(parts: SupervisedParts, { children, startedMs, end }: Running): ControlRoutes {
  const { pool, settings, office, knowledge, database } = parts;
  const identity = identityControl({
    keys: openKeyStore(pool),
    sessions: openSessionStore(pool),
    clock: systemClock,
    publicUrl: settings.publicUrl,
    charter: () => office.current(),
  });
  return {
    ...identity,
    status: async () => ({
      url: settings.publicUrl,
      pid: process.pid,
      uptimeMs: Math.round(systemClock.monotonicMs() - startedMs),
      charter: office.current().digest,
      installation: parts.installation,
      processes: [...children.states(), { role: 'postgres', pid: database.pid() }],
    }),
    restart: async (body) => ({ restarted: await children.restartGateways(readGraceMs(body)) }),
    stop: async () => {
      setImmediate(end);
      return { stopping: true };
    },
    'charter/apply': async (body) => {
      const folder = readFolder(body) ?? settings.charterFolder;
      const adoption = await office.apply(folder);
      await knowledge.open(folder, parts.report);
      return adoption;
    },
    usage: (body) =>
      tellUsage((body ?? {}) as Parameters<typeof tellUsage>[0], {
        usage: openUsageStore(pool),
        nowMs: systemClock.wallMs(),
        charter: office.current(),
        publicUrl: settings.publicUrl,
      }),
    'knowledge/add': (body) => knowledge.add(body),
    'knowledge/list': () => knowledge.list(),
    'knowledge/eval': (body) => knowledge.evaluate(settings.charterFolder, body),
  };
}

function readFolder(body: unknown): string | null {
  const folder = (body as { folder?: unknown } | null)?.folder;
  return typeof folder === 'string' ? folder : null;
}

function readGraceMs(body: unknown): number {
  const graceMs = (body as { graceMs?: unknown } | null)?.graceMs;
  if (Number.isInteger(graceMs) && Number(graceMs) >= 0 && Number(graceMs) <= GRACE_MOST_MS) return Number(graceMs);
  throw new Problem('invalid-request', `\`graceMs\` is a whole number from 0 to ${GRACE_MOST_MS}`, {
    param: 'graceMs',
  });
}
