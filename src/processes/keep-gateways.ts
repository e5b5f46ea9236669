import type { Socket } from 'node:net';
import { Problem } from '../kit/index.ts';
import type { KeptChild, Life } from './keep-child.ts';
import { SharedPort } from './share-port.ts';
import type { FromGateway, ToGateway } from './worker-messages.ts';

/** For a new gateway to get ready, in a restart. */
const READY_MS = 60_000;
/** For what a gateway still has to write down once its answers have ended or were cut. */
const LAST_WORDS_MS = 5_000;

type GatewayHooks = {
  onMessage(message: FromGateway, life: Life): void;
  onSilence(life: Life): void;
};

interface GatewayOptions {
  readonly port: number;
  readonly host: string;
  readonly workers: number;
  keep(hooks: GatewayHooks): KeptChild;
}

export interface GatewayState {
  readonly role: 'gateway';
  readonly pid: number | null;
  readonly since: string | null;
  /** Digest of the charter that it answers by; null until it has told. */
  readonly charter: string | null;
  readonly state: 'starting' | 'serving' | 'draining';
}

/** All gateways of this installation, and the port that they share. */
export class Gateways {
  readonly #options: GatewayOptions;
  readonly #port = new SharedPort();
  readonly #lives = new Map<string, Life>();
  readonly #charters = new Map<string, string>();
  readonly #draining = new Set<KeptChild>();
  #serving: KeptChild[];
  #fresh: KeptChild | null = null;
  #listening: Promise<void> | null = null;
  #restarting: Promise<number> | null = null;
  #stopping = false;
  /** Every gateway serves. Rejects with a Problem when the port cannot be had. */
  readonly ready: Promise<unknown>;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#serving = Array.from({ length: options.workers }, () => this.#keep());
    const open = async (child: KeptChild) => {
      await child.ready;
      // Not before the first can answer. Those that are ready early are given connections as soon as there are any.
      this.#listening ??= this.#port.listen(options.port, options.host);
      await this.#listening;
    };
    this.ready = Promise.all(this.#serving.map(open));
  }

  states(): GatewayState[] {
    const stateOf = (child: KeptChild, isLeaving: boolean): GatewayState => {
      const life = child.life();
      return {
        role: 'gateway',
        pid: life?.pid ?? null,
        since: life === null ? null : new Date(life.sinceMs).toISOString(),
        charter: (life !== null && this.#charters.get(life.workerId)) || null,
        state: isLeaving ? 'draining' : life?.isReady ? 'serving' : 'starting',
      };
    };
    const fresh = this.#fresh === null ? [] : [this.#fresh];
    return [
      ...[...this.#serving, ...fresh].map((child) => stateOf(child, false)),
      ...[...this.#draining].map((child) => stateOf(child, true)),
    ];
  }

  /**
   * Replaces every gateway, one after the other: the new one serves before the old one is asked to end. Gives how many. Who
   * asks while a restart is under way gets the end of that one. @throws Problem; those that were not replaced go on
   */
  restart(graceMs: number): Promise<number> {
    this.#restarting ??= this.#restartAll(graceMs).finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#port.close();
    const fresh = this.#fresh === null ? [] : [this.#fresh];
    await Promise.all([...this.#serving, ...this.#draining, ...fresh].map((child) => child.stop(graceMs)));
  }

  async #restartAll(graceMs: number): Promise<number> {
    for (const old of [...this.#serving]) {
      if (this.#stopping) throw new Problem('stopping', 'the service is stopping');
      const fresh = await this.#startFresh();
      this.#serving = this.#serving.map((child) => (child === old ? fresh : child));
      await this.#drain(old, graceMs);
    }
    return this.#serving.length;
  }

  async #startFresh(): Promise<KeptChild> {
    const fresh = this.#keep();
    this.#fresh = fresh;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), READY_MS);
    });
    const came = await Promise.race([fresh.ready, late]).finally(() => {
      clearTimeout(timer);
      this.#fresh = null;
    });
    if (came !== 'late') return fresh;
    await fresh.stop(0);
    throw new Problem(
      'internal',
      `the new gateway did not get ready within ${READY_MS / 1000} s, and the old ones go on; look at the log`,
    );
  }

  async #drain(old: KeptChild, graceMs: number): Promise<void> {
    this.#draining.add(old);
    const life = old.life();
    if (life !== null) this.#port.leave(life.workerId);
    const message: ToGateway = { type: 'drain', graceMs };
    await old.stop(graceMs + LAST_WORDS_MS, message);
    this.#draining.delete(old);
  }

  #keep(): KeptChild {
    return this.#options.keep({
      onMessage: (message, life) => this.#hear(message, life),
      onSilence: ({ workerId }) => {
        this.#lives.delete(workerId);
        this.#charters.delete(workerId);
        this.#port.bury(workerId);
      },
    });
  }

  #hear(message: FromGateway, life: Life): void {
    const { workerId } = life;
    if (message.type === 'ready') {
      this.#lives.set(workerId, life);
      const hand = (id: number, connection: Socket) => tell(life, { type: 'connection', id }, connection);
      this.#port.join(workerId, hand);
    } else if (message.type === 'leaves') this.#port.leave(workerId);
    else if (message.type === 'took') this.#port.took(workerId, message.id);
    else if (message.type === 'closed') this.#port.closed(workerId, message.count);
    else if (message.type === 'charter') this.#charters.set(workerId, message.digest);
    else if (message.type === 'metrics-ask') this.#askMetrics(life, message.round);
    else {
      const asker = this.#lives.get(message.asker);
      if (asker !== undefined) tell(asker, { type: 'metrics-of', round: message.round, text: message.text });
    }
  }

  #askMetrics(asker: Life, round: number): void {
    const others = [...this.#lives.values()].filter((life) => life !== asker);
    tell(asker, { type: 'metrics-asked', round, others: others.length });
    for (const life of others) tell(life, { type: 'metrics-wanted', round, asker: asker.workerId });
  }
}

function tell(life: Life, message: ToGateway, connection?: Socket): void {
  life.send(message, connection);
}
