import { randomBytes } from 'node:crypto';
import type { Purpose } from '../charter/schema.ts';
import { type Clock, canonicalJson, fromUtf8, Problem, sha256Hex, utf8 } from '../kit/index.ts';
import type { FileDesk, StoreRoom } from './file-desk.ts';
import { keepUntil } from './keep-until.ts';
import type { BatchCounts, BatchRow, BatchRows, Page } from './ports.ts';
import { type BatchError, type BatchObject, type BatchRequest, batchStates } from './schema.ts';
import type { TenantKeys } from './tenant-keys.ts';

/** A batch has a day: the one window that OpenAI's API knows. */
const WINDOW_MS = 86_400_000;

export interface BatchDetails {
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly errors: readonly BatchError[];
}

export interface BatchDeskParts {
  readonly store: BatchRows;
  readonly files: FileDesk;
  readonly keys: TenantKeys;
  readonly clock: Clock;
  /** Endpoints that a batch may name. */
  readonly endpoints: readonly string[];
}

export interface BatchOwner {
  readonly tenant: string;
  readonly keyId: string;
  readonly purpose: Purpose;
  readonly room: StoreRoom;
}

export interface BatchWish {
  readonly owner: BatchOwner;
  readonly asked: BatchRequest;
  /** `idempotency-key` of the request: who sends an order again gets the batch that it made. */
  readonly requestKey: string | null;
}

/** Batches as their tenants see them. `run-batches.ts` works at them. */
export class BatchDesk {
  readonly #parts: BatchDeskParts;

  constructor(parts: BatchDeskParts) {
    this.#parts = parts;
  }

  /** @throws Problem when the endpoint takes no batches, the file is none of the tenant's, the tenant has no room for its lines, or its key came with another order */
  async create(wish: BatchWish): Promise<BatchObject> {
    const { store } = this.#parts;
    const id = idOf(wish);
    const made = wish.requestKey === null ? null : await store.findBatch(wish.owner.tenant, id);
    if (made !== null) return this.#repeat(made, wish);
    const row = await this.#open(id, wish);
    if (await store.insertBatch(row)) return this.#describe(row, noLines);
    // The same order, in the same moment.
    return this.#repeat(await this.#row(row.tenant, id), wish);
  }

  async #open(id: string, { owner, asked }: BatchWish): Promise<BatchRow> {
    const { files, clock, endpoints } = this.#parts;
    if (!endpoints.includes(asked.endpoint)) {
      const known = endpoints.map((endpoint) => `\`${endpoint}\``).join(', ');
      throw new Problem('invalid-request', `\`endpoint\` is none of ${known}`, { param: 'endpoint' });
    }
    const file = await files.find(owner.tenant, asked.input_file_id);
    if (file.purpose !== 'batch')
      throw new Problem('invalid-request', 'the file was not uploaded with the purpose `batch`', {
        param: 'input_file_id',
      });
    await files.checkCount(owner.tenant, owner.room);
    // Its lines are kept beside the file until it ends: one file ordered a thousand times is a thousand files.
    await files.checkBytes(owner.tenant, owner.room, file.bytes);
    const nowMs = clock.wallMs();
    return {
      id,
      tenant: owner.tenant,
      keyId: owner.keyId,
      purpose: owner.purpose.id,
      endpoint: asked.endpoint,
      inputFile: file.id,
      outputFile: null,
      errorFile: null,
      state: 'validating',
      details: await this.sealDetails(owner.tenant, id, { metadata: asked.metadata ?? null, errors: [] }),
      times: { validating: nowMs },
      endsByMs: nowMs + WINDOW_MS,
      createdAtMs: nowMs,
      keptUntilMs: keepUntil(owner.purpose, nowMs) + WINDOW_MS,
      inputBytes: file.bytes,
      counts: null,
    };
  }

  async #repeat(row: BatchRow, { owner, asked }: BatchWish): Promise<BatchObject> {
    const { metadata } = await this.openDetails(row);
    const was = canonicalJson([row.endpoint, row.inputFile, row.purpose, metadata]);
    if (was === canonicalJson([asked.endpoint, asked.input_file_id, owner.purpose.id, asked.metadata ?? null]))
      return this.find(row.tenant, row.id);
    throw new Problem('invalid-request', 'this `idempotency-key` came with another order; take a new one', {
      param: 'idempotency-key',
    });
  }

  async find(tenant: string, id: string): Promise<BatchObject> {
    const [described] = await this.#describeAll([await this.#row(tenant, id)]);
    return described as BatchObject;
  }

  async list(tenant: string, page: Page): Promise<BatchObject[]> {
    return await this.#describeAll(await this.#parts.store.listBatches(tenant, page));
  }

  /** Lines of all that have not ended are counted at once: a list asks the database no more often than one batch does. */
  async #describeAll(rows: readonly BatchRow[]): Promise<BatchObject[]> {
    const open = rows.filter(({ counts }) => counts === null).map(({ id }) => id);
    const counted = open.length === 0 ? new Map<string, BatchCounts>() : await this.#parts.store.countLines(open);
    return await Promise.all(rows.map((row) => this.#describe(row, row.counts ?? counted.get(row.id) ?? noLines)));
  }

  /** Lines that run end; the rest is not begun. What has ended stays as it ended. */
  async cancel(tenant: string, id: string): Promise<BatchObject> {
    await this.#row(tenant, id);
    const step = {
      from: ['validating', 'in_progress'] as const,
      to: 'cancelling' as const,
      atMs: this.#parts.clock.wallMs(),
    };
    if (!(await this.#parts.store.stepBatch(id, step))) {
      throw new Problem('invalid-request', `the batch \`${id}\` has ended or is ending; nothing is left to cancel`);
    }
    return this.find(tenant, id);
  }

  async sealDetails(tenant: string, id: string, details: BatchDetails): Promise<Uint8Array> {
    const sealed = await this.#parts.keys.sealOf(tenant);
    return sealed.seal(utf8(JSON.stringify(details)), placeOf(id));
  }

  async openDetails({ tenant, id, details }: BatchRow): Promise<BatchDetails> {
    const sealed = await this.#parts.keys.sealOf(tenant);
    return JSON.parse(fromUtf8(sealed.open(details, placeOf(id)))) as BatchDetails;
  }

  async #row(tenant: string, id: string): Promise<BatchRow> {
    const row = await this.#parts.store.findBatch(tenant, id);
    if (row === null) throw new Problem('not-found', `there is no batch \`${id}\` of yours`, { param: 'batch_id' });
    return row;
  }

  async #describe(row: BatchRow, { waiting, done, failed }: BatchCounts): Promise<BatchObject> {
    const { metadata, errors } = await this.openDetails(row);
    const seconds = (ms: number | undefined) => (ms === undefined ? null : Math.floor(ms / 1000));
    const times = Object.fromEntries(
      batchStates.filter((state) => state !== 'validating').map((state) => [`${state}_at`, seconds(row.times[state])]),
    );
    return {
      id: row.id,
      object: 'batch',
      endpoint: row.endpoint,
      errors: errors.length === 0 ? null : { object: 'list', data: errors },
      input_file_id: row.inputFile,
      completion_window: '24h',
      status: row.state,
      output_file_id: row.outputFile,
      error_file_id: row.errorFile,
      request_counts: { total: waiting + done + failed, completed: done, failed },
      metadata,
      ...times,
      created_at: seconds(row.createdAtMs),
      expires_at: seconds(row.endsByMs),
    };
  }
}

const noLines: BatchCounts = { waiting: 0, done: 0, failed: 0 };

/** Orders of one API key with one `idempotency-key` have one id, so that the table itself keeps the second one out. */
function idOf({ owner, requestKey }: BatchWish): string {
  const digits =
    requestKey === null
      ? randomBytes(16).toString('hex')
      : sha256Hex(utf8(canonicalJson(['batch', owner.tenant, owner.keyId, requestKey]))).slice(0, 32);
  return `batch_${digits}`;
}

function placeOf(id: string) {
  return { table: 'vault_batch', row: id, column: 'details' };
}
