import { identityControl } from '../identity/index.ts';
import { systemClock } from '../kit/index.ts';
import { openKeyStore, openSessionStore } from '../store/index.ts';
import type { ControlRoutes } from './control-server.ts';
import type { KeptChild } from './keep-child.ts';
import type { SupervisedParts } from './start-children.ts';

interface Running {
  readonly children: readonly KeptChild[];
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
      processes: [
        ...children.map((child) => ({ role: child.role, pid: child.pid() })),
        { role: 'postgres', pid: database.pid() },
      ],
    }),
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
    'knowledge/add': (body) => knowledge.add(body),
    'knowledge/list': () => knowledge.list(),
    'knowledge/eval': (body) => knowledge.evaluate(settings.charterFolder, body),
  };
}

function readFolder(body: unknown): string | null {
  const folder = (body as { folder?: unknown } | null)?.folder;
  return typeof folder === 'string' ? folder : null;
}
