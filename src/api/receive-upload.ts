import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { type BodyHold, CRUMBLED, checkCoding, isCrumbled } from '../gateway/index.ts';
import { Problem } from '../kit/index.ts';
import type { FileDesk, Incoming, Received } from '../vault/index.ts';
import { type FileObject, uploadPurposes } from '../vault/schema.ts';

/** Names and words of a form, not content. Bytes. */
const FIELD_BYTES_MAX = 1_000;
const FIELDS_MAX = 20;
const KNOWN_FIELDS = new Set(['purpose', 'expires_after[anchor]', 'expires_after[seconds]']);

/** What an upload has in memory at most: a part of the file as it came and as it is written. Bytes. */
const UPLOAD_HELD_BYTES = 2_000_000;

type Owner = Omit<Incoming, 'name'> & { readonly bodyStallMs: number; readonly memory: HeldRoom };

/** Where what is held is counted. */
interface HeldRoom {
  readonly hold: Pick<BodyHold, 'take'>;
  readonly heldBytesMax: number;
}

export interface Upload {
  readonly file: FileObject;
  /** Names of fields that are no part of an upload. */
  readonly dropped: readonly string[];
}

/** A form with one `file` and its `purpose`, in any order. @throws Problem; what was received of it is gone then */
export async function receiveUpload(request: IncomingMessage, owner: Owner, files: FileDesk): Promise<Upload> {
  checkCoding(request.headers);
  const { bodyStallMs, memory, ...incoming } = owner;
  const parts = new FormParts((name, content) => files.receive({ ...incoming, name }, countHeld(content, memory)));
  const form = openForm(request);
  try {
    await readForm(request, { form, parts, bodyStallMs });
    const { fields } = parts;
    const file = await files.publish(await parts.received(), describe(fields));
    return { file, dropped: [...fields.keys()].filter((name) => !KNOWN_FIELDS.has(name)) };
  } catch (cause) {
    request.unpipe(form);
    form.destroy();
    const received = await parts.breakOff(cause as Error);
    // What cannot be deleted now is swept with what never became whole.
    if (received !== null) await files.discard(received).catch(() => {});
    throw cause;
  } finally {
    request.setTimeout(0);
  }
}

/** Memory is used up by many small beginnings as well as by large bodies. @throws Problem `overloaded` */
async function* countHeld(content: Readable, { hold, heldBytesMax }: HeldRoom): AsyncGenerator<Uint8Array> {
  let heldBytes = 0;
  for await (const chunk of content as AsyncIterable<Uint8Array>) {
    const moreBytes = Math.min(chunk.length, UPLOAD_HELD_BYTES - heldBytes);
    const problem = moreBytes > 0 ? hold.take(moreBytes, heldBytesMax) : null;
    if (problem !== null) throw problem;
    heldBytes += moreBytes;
    yield chunk;
  }
}

type Form = InstanceType<typeof Busboy>;

function openForm({ headers }: IncomingMessage): Form {
  const { 'content-type': type = '' } = headers;
  // Busboy reads forms without files too.
  const isForm = /^multipart\/form-data\s*;/i.test(type);
  try {
    const limits = { files: 2, fields: FIELDS_MAX, parts: FIELDS_MAX + 2, fieldSize: FIELD_BYTES_MAX };
    if (isForm) return new Busboy({ headers: { 'content-type': type }, limits });
  } catch {
    // It has no boundary.
  }
  throw new Problem('unsupported-media-type', 'the body must be `multipart/form-data` with a boundary');
}

interface Reading {
  readonly form: Form;
  readonly parts: FormParts;
  readonly bodyStallMs: number;
}

/** Resolves when the form has ended and every part of it was taken. */
function readForm(request: IncomingMessage, { form, parts, bodyStallMs }: Reading): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const refuse = (detail: string) => reject(new Problem('invalid-request', detail));
  const late = (detail: string) => reject(new Problem('request-timeout', detail));
  parts.onFailure = reject;
  form.on('field', (...[name, value, , isCut]) => parts.takeField(name ?? '', value, isCut));
  form.on('file', (name, content, fileName) => parts.takeFile(name ?? '', content, fileName));
  form.on('fieldsLimit', () => refuse(`the form has more than ${FIELDS_MAX} fields; send fewer`));
  form.on('partsLimit', () => refuse(`the form has more than ${FIELDS_MAX + 2} parts; send fewer`));
  form.on('finish', resolve);
  form.on('error', () => refuse('the body is no form that can be read: check the boundary and the line ends'));
  const leave = () => {
    // It closes after its end too.
    if (!request.complete) late('the connection closed before the whole file had arrived');
  };
  // While its key was looked up: nothing tells it any more.
  if (request.destroyed) leave();
  request.once('close', leave);
  request.setTimeout(bodyStallMs, () => {
    // What waits for the store is not what the client left out.
    if (form.writableNeedDrain) request.setTimeout(bodyStallMs);
    else late(`no byte of the file arrived for ${bodyStallMs / 1000} s; send it whole`);
  });
  let bytes = 0;
  let pieces = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    pieces++;
    if (isCrumbled(pieces, bytes)) refuse(CRUMBLED);
  });
  request.once('end', () => request.setTimeout(0));
  request.pipe(form);
  return promise;
}

/** What has come of one form, each name once. */
class FormParts {
  readonly fields = new Map<string, string>();
  onFailure: (cause: Error) => void = () => {};
  readonly #receive: (name: string, content: Readable) => Promise<Received>;
  readonly #names = new Set<string>();
  #file: { readonly content: Readable; readonly receiving: Promise<Received> } | null = null;

  constructor(receive: (name: string, content: Readable) => Promise<Received>) {
    this.#receive = receive;
  }

  takeField(name: string, value: string, isCut: boolean): void {
    if (!this.#isNew(name)) return;
    if (isCut) this.#refuse(name, `is longer than ${FIELD_BYTES_MAX} bytes`);
    this.fields.set(name, value);
  }

  takeFile(name: string, content: Readable, fileName: string | undefined): void {
    // A form that ends inside a file says so on the file's stream too, whoever reads it: unheard, it ends the process.
    content.on('error', () => {});
    if (!this.#isNew(name) || name !== 'file') {
      content.resume();
      this.#refuse(name, 'is a file too many: send one, as `file`');
      return;
    }
    const receiving = this.#receive(fileName ?? 'file', content);
    receiving.catch(this.onFailure);
    this.#file = { content, receiving };
  }

  async received(): Promise<Received> {
    if (this.#file !== null) return await this.#file.receiving;
    throw new Problem('invalid-request', '`file` is missing: send the file as a part of the form', { param: 'file' });
  }

  /** Ends what is still coming. What had come whole is given back. */
  async breakOff(cause: Error): Promise<Received | null> {
    if (this.#file === null) return null;
    this.#file.content.destroy(cause);
    return await this.#file.receiving.catch(() => null);
  }

  #isNew(name: string): boolean {
    const folded = name.toUpperCase().toLowerCase();
    if (this.#names.has(folded)) this.#refuse(name, 'comes more than once, or in two cases; leave one');
    const isNew = !this.#names.has(folded);
    this.#names.add(folded);
    return isNew;
  }

  #refuse(name: string, detail: string): void {
    this.onFailure(new Problem('invalid-request', `the part \`${name.slice(0, 80)}\` ${detail}`, { param: name }));
  }
}

function describe(fields: ReadonlyMap<string, string>): Parameters<FileDesk['publish']>[1] {
  const seconds = fields.get('expires_after[seconds]');
  const expiresAfter = seconds === undefined ? undefined : Number(seconds);
  if (expiresAfter !== undefined && !(Number.isInteger(expiresAfter) && expiresAfter >= 60)) {
    const detail = '`expires_after[seconds]` is a whole number of at least 60';
    throw new Problem('invalid-request', detail, { param: 'expires_after' });
  }
  if ((fields.get('expires_after[anchor]') ?? 'created_at') !== 'created_at')
    throw new Problem('invalid-request', '`expires_after[anchor]` is `created_at`', { param: 'expires_after' });
  const purpose = uploadPurposes.find((known) => known === fields.get('purpose'));
  if (purpose === undefined) {
    const known = uploadPurposes.map((one) => `\`${one}\``).join(', ');
    throw new Problem('invalid-request', `\`purpose\` is one of ${known}`, { param: 'purpose' });
  }
  return { purpose, ...(expiresAfter === undefined ? {} : { expiresAfter }) };
}
