import type { Backend } from '../src/charter/schema.ts';
import type { Asking, Dialect, Inquiry } from '../src/gateway/dialect.ts';
import { exampleBytes } from './charter-files.ts';
import { putInForce } from './put-in-force.ts';

export type FormPart = readonly [name: string, value: string | Blob];

interface Put {
  readonly inquiry: Inquiry;
  readonly asking: Asking;
}

const [backend] = putInForce(exampleBytes()).charter.backends;

/** What a dialect makes of a form with these parts, put to the example's first backend. */
export async function putForm(dialect: Dialect, parts: readonly FormPart[]): Promise<Put> {
  const form = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, 'part.bin');
  }
  const request = new Response(form);
  const contentType = request.headers.get('content-type') ?? '';
  const bytes = Buffer.from(await request.arrayBuffer());
  const inquiry = await dialect.parse({ bytes, contentType, jsonDepthMax: 64, wallMs: 0, shelf: null });
  return { inquiry, asking: inquiry.ask(backend as Backend) };
}
