import { parseCharter } from '../charter/index.ts';
import type { CharterStore } from '../charter/ports.ts';
import type { Backend, Charter } from '../charter/schema.ts';
import type { CharterInForce, Traffic } from '../gateway/index.ts';
import { openBackend, openUpstream } from '../inference/index.ts';
import type { ModelPort } from '../inference/ports.ts';
import { compileLaw, latticeOf, readRedLineSets } from '../policy/index.ts';
import type { ProcessConfig } from './config.ts';

/**
 * How long the ports of an older charter stay open: a request that it decided may not have called yet, or may fall back to
 * another backend of it. Longer than a whole answer may take (`answerMs`). Idle connections end by themselves before.
 */
const RETIRED_MS = 660_000;

/** Reads a version from the database and makes it ready to answer by. Ports of backends that did not change are kept. */
export class CharterDesk {
  readonly #store: CharterStore;
  readonly #config: ProcessConfig;
  readonly #redLines = readRedLineSets();
  /** By the JSON of the backend: the same entry keeps its connections. */
  #ports = new Map<string, ModelPort>();
  readonly #retired = new Set<ModelPort>();
  #inForce: CharterInForce | null = null;

  /** Quotes the collection, whatever the charter: the same port for all versions. */
  readonly #retrieval: ModelPort;
  readonly #traffic: Traffic;

  constructor(store: CharterStore, config: ProcessConfig, shared: { retrieval: ModelPort; traffic: Traffic }) {
    this.#store = store;
    this.#config = config;
    this.#retrieval = shared.retrieval;
    this.#traffic = shared.traffic;
  }

  current(): CharterInForce {
    if (this.#inForce === null) throw new Error('no charter was adopted yet');
    return this.#inForce;
  }

  /** Swaps to what is adopted now. Running requests keep what they began with. @throws Problem; the old one stays then */
  async reload(): Promise<string> {
    const version = await this.#store.currentVersion();
    if (version === null) throw new Error('no charter was adopted yet');
    if (this.#inForce?.charter.digest === version.digest) return version.digest;
    const bytes = await this.#store.loadVersion(version.digest);
    const parsed =
      bytes === null ? null : parseCharter(bytes, new Map(this.#redLines.map((set) => [set.name, set.sha256])));
    if (parsed?.kind !== 'valid') throw new Error(`the adopted charter ${version.digest.slice(0, 12)} cannot be read`);
    this.#inForce = this.#build(parsed.charter);
    return version.digest;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#ports.values(), ...this.#retired].map((port) => port.close()));
  }

  #build(charter: Charter): CharterInForce {
    const law = compileLaw(charter, this.#redLines);
    const kept = new Map<string, ModelPort>();
    const ports = new Map<string, ModelPort>();
    for (const backend of charter.backends) {
      const identity = JSON.stringify(backend);
      const port = this.#ports.get(identity) ?? this.#openPort(backend);
      kept.set(identity, port);
      ports.set(backend.id, port);
    }
    for (const [identity, port] of this.#ports) if (!kept.has(identity)) this.#retire(port);
    this.#ports = kept;
    this.#traffic.adopt(charter.backends);
    return {
      charter,
      law,
      lattice: latticeOf(charter),
      tenants: byId(charter.tenants),
      purposes: byId(charter.purposes),
      models: byId(charter.models),
      ports,
      described: new WeakMap(),
      plans: new WeakMap(),
    };
  }

  #retire(port: ModelPort): void {
    this.#retired.add(port);
    const timer = setTimeout(() => {
      this.#retired.delete(port);
      void port.close();
    }, RETIRED_MS);
    timer.unref();
  }

  #openPort(backend: Backend): ModelPort {
    if (backend.dialect === 'retrieval') return this.#retrieval;
    if (backend.dialect === 'embedded') {
      const baseUrl = 'http://model.internal/v1';
      const socketPath = this.#config.modelSocket;
      return openUpstream({ baseUrl, socketPath, connections: 256, allowPrivateAddress: true });
    }
    return openBackend(backend);
  }
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
