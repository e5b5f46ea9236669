import { randomBytes } from 'node:crypto';
import type { Purpose } from '../charter/schema.ts';
import { type Clock, fromUtf8, Problem, utf8 } from '../kit/index.ts';
import { keepUntil } from './keep-until.ts';
import type { FileRow, FileRows, Page } from './ports.ts';
import type { FileObject, FilePurpose } from './schema.ts';
import type { TenantKeys } from './tenant-keys.ts';

/** What is sealed and written at a time. Bytes. */
const PART_BYTES = 1_000_000;
/** How often it is asked what the tenant has already. Parts. */
const PARTS_BETWEEN_LOOKS = 16;

export interface Incoming {
  readonly tenant: string;
  readonly keptFor: Pick<Purpose, 'retentionDays'>;
  readonly name: string;
  /** Bytes that may come. */
  readonly bytesMax: number;
  /** Of the tenant, with what it has already; null: whatever comes is kept. */
  readonly room: StoreRoom | null;
}

/** What one tenant may leave with the service. */
export interface StoreRoom {
  /** Of files and open batches together; uploads side by side may go beyond it by what comes between two looks. */
  readonly storedBytesMax: number;
  /** Files and batches together, however small. */
  readonly storedCountMax: number;
}

/** Bytes that are here and that nobody sees yet: a form may say behind the file what the file is for. */
export interface Received extends Incoming {
  readonly id: string;
  readonly sizeBytes: number;
  readonly createdAtMs: number;
}

export interface Described {
  readonly purpose: FilePurpose;
  /** Seconds, when the caller wants it gone earlier. */
  readonly expiresAfter?: number;
}

export interface FileDeskParts {
  readonly store: FileRows;
  readonly keys: TenantKeys;
  readonly clock: Clock;
}

/** Files of tenants. Memory holds one part of a file at a time. */
export class FileDesk {
  readonly #parts: FileDeskParts;

  constructor(parts: FileDeskParts) {
    this.#parts = parts;
  }

  /** Takes a file as it comes. @throws Problem `body-too-large`, also where the tenant has no room; nothing of it stays then */
  async receive(file: Incoming, chunks: AsyncIterable<Uint8Array>): Promise<Received> {
    const { store, keys, clock } = this.#parts;
    await this.checkCount(file.tenant, file.room);
    const sealed = await keys.sealOf(file.tenant);
    const id = `file-${randomBytes(16).toString('hex')}`;
    const createdAtMs = clock.wallMs();
    const name = sealed.seal(utf8(file.name), placeOf(id, 'name'));
    await store.openFile({
      id,
      tenant: file.tenant,
      name,
      createdAtMs,
      keptUntilMs: keepUntil(file.keptFor, createdAtMs),
    });
    try {
      let sizeBytes = 0;
      let number = 0;
      for await (const part of inParts(chunks)) {
        sizeBytes += part.length;
        if (sizeBytes > file.bytesMax)
          throw new Problem('body-too-large', `the file is larger than ${file.bytesMax} bytes; send less`);
        if (number % PARTS_BETWEEN_LOOKS === 0) await this.checkBytes(file.tenant, file.room, part.length);
        await store.addPart(id, { number, sealed: sealed.seal(part, placeOf(`${id}/${number}`, 'part')), sizeBytes });
        number++;
      }
      return { ...file, id, sizeBytes, createdAtMs };
    } catch (cause) {
      await store.deleteFile(file.tenant, id).catch(() => {});
      throw cause;
    }
  }

  /** Files without a byte take room too. @throws Problem `body-too-large` */
  async checkCount(tenant: string, room: StoreRoom | null): Promise<void> {
    if (room === null) return;
    const { storedCountMax } = room;
    if ((await this.#parts.store.countStored(tenant, storedCountMax)) < storedCountMax) return;
    const detail = `the tenant \`${tenant}\` may have ${storedCountMax} files and batches together and has them; delete files`;
    throw new Problem('body-too-large', detail);
  }

  /** @throws Problem `body-too-large` */
  async checkBytes(tenant: string, room: StoreRoom | null, comingBytes: number): Promise<void> {
    if (room === null) return;
    const { storedBytesMax } = room;
    const storedBytes = await this.#parts.store.storedBytes(tenant);
    if (storedBytes + comingBytes <= storedBytesMax) return;
    const detail = `the files and open batches of the tenant \`${tenant}\` may have ${storedBytesMax} bytes together and have ${storedBytes}; delete some`;
    throw new Problem('body-too-large', detail);
  }

  /** From here on the tenant sees it. */
  async publish(received: Received, { purpose, expiresAfter }: Described): Promise<FileObject> {
    const { id, tenant, sizeBytes, createdAtMs } = received;
    const wishedMs = expiresAfter === undefined ? Number.POSITIVE_INFINITY : createdAtMs + expiresAfter * 1000;
    const keptUntilMs = Math.min(keepUntil(received.keptFor, createdAtMs), wishedMs);
    await this.#parts.store.closeFile(id, { sizeBytes, purpose, keptUntilMs, atMs: this.#parts.clock.wallMs() });
    return objectOf({ id, tenant, purpose, sizeBytes, createdAtMs, keptUntilMs }, received.name);
  }

  /** A form that was no upload after all leaves nothing behind. */
  async discard({ tenant, id }: Received): Promise<void> {
    await this.#parts.store.deleteFile(tenant, id);
  }

  /** @throws Problem `not-found` */
  async find(tenant: string, id: string): Promise<FileObject> {
    return this.#describe(await this.#row(tenant, id));
  }

  async list(tenant: string, page: Page & { purpose: string | null }): Promise<FileObject[]> {
    const rows = await this.#parts.store.listFiles(tenant, { ...page, atMs: this.#parts.clock.wallMs() });
    return await Promise.all(rows.map((row) => this.#describe(row)));
  }

  /** Its bytes, a part at a time. @throws Problem `not-found` before the first one */
  async read(tenant: string, id: string): Promise<AsyncGenerator<Uint8Array>> {
    const row = await this.#row(tenant, id);
    return this.#readParts(row);
  }

  async delete(tenant: string, id: string): Promise<void> {
    if (!(await this.#parts.store.deleteFile(tenant, id))) throw nothingHere(id);
  }

  /** @throws Problem `not-found` when it is deleted meanwhile: half of it must not look whole */
  async *#readParts({ id, tenant, sizeBytes }: FileRow): AsyncGenerator<Uint8Array> {
    const { store, keys } = this.#parts;
    const sealed = await keys.sealOf(tenant);
    let left = sizeBytes;
    for (let number = 0; left > 0; number++) {
      const part = await store.readPart(id, number);
      if (part === null) throw nothingHere(id);
      const opened = sealed.open(part, placeOf(`${id}/${number}`, 'part'));
      left -= opened.length;
      yield opened;
    }
  }

  async #row(tenant: string, id: string): Promise<FileRow> {
    const row = await this.#parts.store.findFile(tenant, id, this.#parts.clock.wallMs());
    if (row === null) throw nothingHere(id);
    return row;
  }

  async #describe(row: FileRow): Promise<FileObject> {
    const sealed = await this.#parts.keys.sealOf(row.tenant);
    return objectOf(row, fromUtf8(sealed.open(row.name, placeOf(row.id, 'name'))));
  }
}

function placeOf(row: string, column: string) {
  return { table: 'vault_file', row, column };
}

function nothingHere(id: string): Problem {
  return new Problem('not-found', `there is no file \`${id}\` of yours`, { param: 'file_id' });
}

function objectOf(row: Omit<FileRow, 'name'>, filename: string): FileObject {
  const { id, sizeBytes, purpose, createdAtMs, keptUntilMs } = row;
  const times = { created_at: Math.floor(createdAtMs / 1000), expires_at: Math.floor(keptUntilMs / 1000) };
  return { id, object: 'file', bytes: sizeBytes, ...times, filename, purpose, status: 'processed' };
}

async function* inParts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < PART_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(waiting);
}
