import { Problem } from '../../kit/index.ts';
import type { RequestText } from '../dialect.ts';

export interface FormFile {
  readonly name: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** A form as it reads; leaving, it is written anew with another boundary. */
export interface Form {
  /** Of all parts, each once. */
  readonly names: readonly string[];
  readonly files: readonly FormFile[];
  text(name: string): string | null;
  /** Of a list. */
  texts(name: string): string[];
  rewrite(changes: { set: Readonly<Record<string, string>>; drop: readonly string[] }): {
    body: Uint8Array;
    contentType: string;
  };
}

type Part = { readonly name: string; readonly value: string | FormFile };

/** How clients write lists in a form. */
const LIST = /\[\]$/;

/**
 * `multipart/form-data` (RFC 7578), read by the parser that Node brings. `lists` may come more than once, as `name[]` or `name`; any
 * other part once, in one case, and without brackets: servers differ in which of two counts. @throws Problem `invalid-request`
 */
export async function readForm({ bytes, contentType }: RequestText, lists: readonly string[]): Promise<Form> {
  const parts = await readParts(bytes, contentType);
  const seen = new Set<string>();
  for (const { name } of parts) {
    const bare = name.replace(LIST, '').toLowerCase();
    if (lists.includes(bare)) continue;
    if (seen.has(bare)) {
      const detail = `the part \`${bare}\` comes more than once, or in two cases; leave one`;
      throw new Problem('invalid-request', detail, { param: bare });
    }
    seen.add(bare);
  }
  const texts = (...names: string[]) =>
    parts.flatMap(({ name, value }) => (names.includes(name) && typeof value === 'string' ? [value] : []));
  return {
    names: [...new Set(parts.map(({ name }) => name))],
    files: parts.flatMap(({ value }) => (typeof value === 'string' ? [] : [value])),
    text: (name) => texts(name)[0] ?? null,
    texts: (name) => texts(name, `${name}[]`),
    rewrite: ({ set, drop }) => {
      const kept = parts.filter(({ name }) => !drop.includes(name) && !(name in set));
      return writeForm([...Object.entries(set).map(([name, value]) => ({ name, value })), ...kept]);
    },
  };
}

/** Words that come as a file are refused: nothing looks into files for what must not leave. @throws Problem that names it */
export function refuseFiles({ files }: Form, isWords: (name: string) => boolean): void {
  const file = files.find(({ name }) => isWords(name));
  if (file !== undefined)
    throw new Problem('invalid-request', `\`${file.name}\` came as a file; send it as text`, { param: file.name });
}

async function readParts(bytes: Buffer, contentType: string): Promise<Part[]> {
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new Problem('invalid-request', 'the body is no form that can be read: check the boundary and the line ends');
  }
  const parts: Part[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') parts.push({ name, value });
    else {
      const file = {
        name,
        fileName: value.name,
        mediaType: value.type || 'application/octet-stream',
        bytes: new Uint8Array(await value.arrayBuffer()),
      };
      parts.push({ name, value: file });
    }
  }
  return parts;
}

/** Quotes and line ends in names are written as browsers write them. */
const quoted = (name: string) => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

function writeForm(parts: readonly Part[]): { body: Uint8Array; contentType: string } {
  const boundary = `polity-${crypto.randomUUID()}`;
  const pieces: Uint8Array[] = [];
  for (const { name, value } of parts) {
    const isFile = typeof value !== 'string';
    const more = isFile
      ? `; filename="${quoted(value.fileName)}"\r\ncontent-type: ${value.mediaType.replace(/[\r\n]/g, '')}`
      : '';
    pieces.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"${more}\r\n\r\n`));
    pieces.push(isFile ? value.bytes : Buffer.from(value), Buffer.from('\r\n'));
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { body: Buffer.concat(pieces), contentType: `multipart/form-data; boundary=${boundary}` };
}
