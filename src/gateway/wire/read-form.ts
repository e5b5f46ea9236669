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

/** A form has a dozen; the parser takes seconds for hundreds of thousands. */
const PARTS_MAX = 1_000;
/** Of the lines of one part before its content: as much as a request may have. */
const HEAD_BYTES_MAX = 16_384;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

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

async function readParts(bytes: Buffer, contentType: string): Promise<Part[]> {
  checkParts(bytes, contentType);
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

/**
 * What the parser takes seconds for is refused before anything is made of it: many parts, and heads of megabytes. By the marks between
 * the parts, so that what they are must be said in one way only. @throws Problem `invalid-request`
 */
function checkParts(bytes: Buffer, contentType: string): void {
  const boundary = boundaryOf(contentType);
  if (boundary === null)
    throw new Problem('invalid-request', 'the header `content-type` must name one boundary, of plain characters');
  const mark = `--${boundary}`;
  let count = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length)) {
    if (++count > PARTS_MAX + 1)
      throw new Problem('invalid-request', `the form has more than ${PARTS_MAX} parts; send fewer`);
    if (opensPart(bytes, at, mark) && !endsSoon(bytes.subarray(at, at + HEAD_BYTES_MAX)))
      throw new Problem(
        'invalid-request',
        `the head of a part is longer than ${HEAD_BYTES_MAX} bytes; send a shorter one`,
      );
  }
}

/** Null where it is said twice, in whatever way, or with escapes. The word itself may stand within it, as in what browsers send. */
function boundaryOf(contentType: string): string | null {
  const [found, another] = contentType.matchAll(/;\s*boundary\s*=/gi);
  if (found === undefined || another !== undefined) return null;
  const [, quoted, plain] = /^(?:"([^"\\]+)"|([^;\s"]+))/.exec(contentType.slice(found.index + found[0].length)) ?? [];
  return quoted ?? plain ?? null;
}

/** In a file the same characters stand elsewhere than alone on a line. */
function opensPart(bytes: Buffer, at: number, mark: string): boolean {
  const end = at + mark.length;
  return (at === 0 || bytes[at - 1] === LINE_FEED) && bytes[end] === CARRIAGE_RETURN && bytes[end + 1] === LINE_FEED;
}

function endsSoon(head: Buffer): boolean {
  return head.includes('\r\n\r\n');
}

/**
 * Nothing looks into files for what must not leave, so words come as text, and files as files.
 * @throws Problem `invalid-request`
 */
export function checkFiles(
  form: Form,
  { known, files }: { readonly known: ReadonlySet<string>; readonly files: readonly string[] },
): void {
  const asFile = form.files.find(({ name }) => known.has(name) && !files.includes(name));
  const asText = files.find((name) => form.text(name) !== null);
  const param = (asFile?.name ?? asText)?.replace(LIST, '');
  if (param === undefined) return;
  const detail = asFile === undefined ? 'came as text; send it as a file' : 'came as a file; send it as text';
  throw new Problem('invalid-request', `\`${param}\` ${detail}`, { param });
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
