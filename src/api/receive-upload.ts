import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { Problem } from '../kit/index.ts';
import type { FileDesk, Incoming, Received } from '../vault/index.ts';
import { type FileObject, uploadPurposes } from '../vault/schema.ts';

/** Names and words of a form, not content. Bytes. */
const FIELD_BYTES_MAX = 1_000;

type Owner = Omit<Incoming, 'name'> & { readonly bodyStallMs: number };

/** A form with one `file` and its `purpose`, in any order. @throws Problem; what was received of it is gone then */
export async function receiveUpload(request: IncomingMessage, owner: Owner, files: FileDesk): Promise<FileObject> {
  const { bodyStallMs, ...incoming } = owner;
  const form = openForm(request);
  const fields = new Map<string, string>();
  let receiving: Promise<Received> | null = null;
  const through = new Promise<void>((resolve, reject) => {
    form.on('field', (name: string, value: string) => void fields.set(name, value));
    form.on('file', (name: string, stream: Readable, fileName: string | undefined) => {
      if (name !== 'file' || receiving !== null) {
        stream.resume();
        return;
      }
      receiving = files.receive({ ...incoming, name: fileName ?? 'file' }, stream);
      receiving.catch(reject);
    });
    form.on('finish', resolve);
    form.on('error', () =>
      reject(
        new Problem('invalid-request', 'the body is no form that can be read: check the boundary and the line ends'),
      ),
    );
    request.once('close', () => {
      // It closes after its end too.
      if (!request.complete)
        reject(new Problem('request-timeout', 'the connection closed before the whole file had arrived'));
    });
    request.setTimeout(bodyStallMs, () =>
      reject(new Problem('request-timeout', `no byte of the file arrived for ${bodyStallMs / 1000} s; send it whole`)),
    );
  });
  request.pipe(form);
  try {
    await through;
  } catch (cause) {
    request.unpipe(form);
    form.destroy();
    await discard(receiving, files);
    throw cause;
  } finally {
    request.setTimeout(0);
  }
  return await publish(await required(receiving), fields, files);
}

function openForm(request: IncomingMessage): InstanceType<typeof Busboy> {
  try {
    const limits = { files: 2, fields: 20, fieldSize: FIELD_BYTES_MAX, fieldNameSize: FIELD_BYTES_MAX };
    return new Busboy({ headers: request.headers as { 'content-type': string }, limits });
  } catch {
    throw new Problem('unsupported-media-type', 'the body must be `multipart/form-data` with a boundary');
  }
}

async function required(receiving: Promise<Received> | null): Promise<Received> {
  if (receiving !== null) return await receiving;
  throw new Problem('invalid-request', '`file` is missing: send the file as a part of the form', { param: 'file' });
}

async function discard(receiving: Promise<Received> | null, files: FileDesk): Promise<void> {
  const received = await receiving?.catch(() => null);
  if (received) await files.discard(received);
}

async function publish(received: Received, fields: ReadonlyMap<string, string>, files: FileDesk): Promise<FileObject> {
  const purpose = uploadPurposes.find((known) => known === fields.get('purpose'));
  const seconds = fields.get('expires_after[seconds]');
  const expiresAfter = seconds === undefined ? undefined : Number(seconds);
  const isWrongTime = expiresAfter !== undefined && !(Number.isInteger(expiresAfter) && expiresAfter >= 60);
  if (purpose !== undefined && !isWrongTime) {
    return await files.publish(received, { purpose, ...(expiresAfter === undefined ? {} : { expiresAfter }) });
  }
  await files.discard(received);
  if (isWrongTime)
    throw new Problem('invalid-request', '`expires_after[seconds]` is a whole number of at least 60', {
      param: 'expires_after',
    });
  const known = uploadPurposes.map((one) => `\`${one}\``).join(', ');
  throw new Problem('invalid-request', `\`purpose\` is one of ${known}`, { param: 'purpose' });
}
