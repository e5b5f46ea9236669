import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Adoption,
  type AdoptionReport,
  adoptCharter,
  formatCharterError,
  parseCharter,
  readCharterFolder,
  reportAdoption,
} from '../charter/index.ts';
import type { Charter } from '../charter/schema.ts';
import { Problem, systemClock } from '../kit/index.ts';
import { checkCharter, readRedLineSets } from '../policy/index.ts';
import { type Database, gatewaysWithout, openCharterStore } from '../store/index.ts';

type Pool = Database<never>['pool'];

/** How long a change may take to reach every gateway. Milliseconds. */
const ACKNOWLEDGE_MS = 10_000;
const POLL_MS = 50;

/** Adopts charters: at the start, on SIGHUP, on `./polity charter apply`. */
export class CharterOffice {
  readonly #pool: Pool;
  readonly #store: ReturnType<typeof openCharterStore>;
  readonly #redLines = readRedLineSets();
  #current: Charter | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#store = openCharterStore(pool);
  }

  current(): Charter {
    if (this.#current === null) throw new Error('no charter was adopted yet');
    return this.#current;
  }

  /** One at a time: a second change waits for the first. */
  adopt(folder: string): Promise<Adoption> {
    const turn = this.#turn.then(() => this.#adoptNow(folder));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** For a running instance: success when every gateway answers by the new charter. */
  async apply(folder: string): Promise<AdoptionReport> {
    const adoption = await this.adopt(folder);
    if (adoption.kind === 'adopted') await this.#acknowledged(adoption.charter.digest);
    return reportAdoption(adoption);
  }

  /** At the start: a folder with mistakes must not keep a country from its adopted charter. */
  async open(folder: string, report: (line: string) => void): Promise<void> {
    const adoption = await this.adopt(folder);
    if (adoption.kind === 'invalid' || adoption.kind === 'waiting') {
      await this.#loadAdopted();
      const reason = adoption.kind === 'invalid' ? 'has mistakes' : `waits for ${adoption.signaturesNeeded} signatures`;
      const errors =
        adoption.kind === 'invalid' ? adoption.errors.map((error) => `\n  ${formatCharterError(error)}`).join('') : '';
      if (this.#current === null)
        throw new Problem(
          'charter-invalid',
          `the charter in ${folder} ${reason}, and none was adopted before${errors}`,
        );
      report(`the charter in ${folder} ${reason}; the adopted one stays in force${errors}`);
    }
  }

  async #adoptNow(folder: string): Promise<Adoption> {
    if (!isFolder(folder))
      throw new Problem(
        'charter-invalid',
        `there is no charter folder ${folder}; set POLITY_CHARTER, or write one with \`./polity init\``,
      );
    const check = (bytes: Parameters<typeof checkCharter>[0]) => checkCharter(bytes, this.#redLines);
    const adoption = await adoptCharter(readCharterFolder(folder), { store: this.#store, check, clock: systemClock });
    if (adoption.kind === 'adopted' || adoption.kind === 'unchanged') this.#current = adoption.charter;
    return adoption;
  }

  async #loadAdopted(): Promise<void> {
    const version = await this.#store.currentVersion();
    const bytes = version === null ? null : await this.#store.loadVersion(version.digest);
    if (bytes === null) return;
    const parsed = parseCharter(bytes, new Map(this.#redLines.map((set) => [set.name, set.sha256])));
    if (parsed.kind === 'valid') this.#current = parsed.charter;
  }

  async #acknowledged(digest: string): Promise<void> {
    const untilMs = performance.now() + ACKNOWLEDGE_MS;
    for (;;) {
      const missing = await gatewaysWithout(this.#pool, digest);
      if (missing.length === 0) return;
      if (performance.now() > untilMs) {
        throw new Problem(
          'internal',
          `the charter is adopted, but ${missing.join(', ')} did not take it; look at what they report`,
        );
      }
      await delay(POLL_MS);
    }
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
