import { setTimeout as delay } from 'node:timers/promises';
import { type AssistantDesk, openAssistantDesk } from '../assistant/index.ts';
import type { AnswerPath, FrequentQuestions, GuestRoutes } from '../assistant/ports.ts';
import type { CharterInForce } from '../gateway/index.ts';
import { randomIds, systemClock } from '../kit/index.ts';
import type { LedgerReader } from '../ledger/ports.ts';
import { type Database, type Listener, openAssistantStore, openKeyFolder } from '../store/index.ts';

export interface AssistantWiring {
  readonly pool: Database<never>['pool'];
  /** Opened for `ASSISTANT_CHANNELS` too. */
  readonly listener: Listener;
  readonly worker: string;
  readonly dataDir: string;
  readonly path: AnswerPath;
  readonly ledger: LedgerReader;
  readonly frequent: FrequentQuestions;
  inForce(): CharterInForce;
}

/** The assistant of one gateway process. @throws Error when the key-encryption key is missing */
export function openAssistant(wiring: AssistantWiring): AssistantDesk {
  const { pool, listener, worker, path, ledger, frequent, inForce } = wiring;
  return openAssistantDesk({
    store: openAssistantStore(pool, listener),
    path,
    receipts: ledger,
    frequent,
    routes: guestRoutes(inForce),
    clock: systemClock,
    ids: randomIds(),
    kek: openKeyFolder(wiring.dataDir).wrappingKey(),
    worker,
    charter: () => inForce().charter,
    delay: (ms) => delay(ms),
    report: (fault) => process.stderr.write(`gateway: the assistant could not write: ${(fault as Error).message}\n`),
  });
}

/** What the law allows for a question in which no detector finds anything: decisions are memoised, so asking is cheap. */
function guestRoutes(inForce: () => CharterInForce): GuestRoutes {
  return {
    list(mode) {
      const { charter, law, lattice, tenants, purposes } = inForce();
      const rules = charter.country.assistant;
      const [tenant, purpose] = [tenants.get(rules?.tenant ?? ''), purposes.get(rules?.purpose ?? '')];
      const lowest = lattice.ofLevel(charter.classification.levels[0]?.id ?? '');
      if (tenant === undefined || purpose === undefined || lowest === null) return [];
      const decision = law.decide({ tenant, purpose, classification: lowest, requestedModel: 'auto', mode });
      return decision.kind === 'allow' ? decision.routes.map(({ facts }) => facts.backend.id) : [];
    },
  };
}
