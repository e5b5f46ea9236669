import type { z } from 'zod';
import type { Backend } from '../../charter/schema.ts';
import { Sensitive } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, RequestText } from '../dialect.ts';
import { collectTexts } from '../wire/collect-texts.ts';
import { checkShape } from '../wire/explain-issue.ts';
import { readJson } from '../wire/json-text.ts';
import { listNeeds } from '../wire/list-needs.ts';
import { unknownFields } from '../wire/own-fields.ts';
import { splice } from '../wire/splice.ts';
import { openaiErrorFrame } from './openai-error-frame.ts';

type Loose = Readonly<Record<string, unknown>> & { readonly model: string };

/** What one JSON endpoint has of its own; the rest is the same for all that are passed through. */
export interface PassThrough<Schema extends z.ZodType<Loose>> {
  readonly endpoint: string;
  /** Below the base address of the upstream. */
  readonly path: string;
  readonly mode: Dialect['mode'];
  readonly schema: Schema;
  /** For a problem: the body is not …. */
  readonly what: string;
  readonly known: ReadonlySet<string>;
  /** What somebody said in it. */
  said(request: z.infer<Schema>): readonly unknown[];
  /** What differs from a plain request without generated tokens. */
  describe?(request: z.infer<Schema>): Partial<Pick<Inquiry, 'stream' | 'choices' | 'maxOutputTokens' | 'mediaTokens'>>;
  /** Members that change beside the model, as JSON text. */
  change?(
    request: z.infer<Schema>,
    to: { readonly inquiry: Inquiry; readonly backend: Backend },
  ): Record<string, string>;
  answer(request: z.infer<Schema>): Pick<Asking, 'accepts' | 'reader' | 'readWhole' | 'isFile'>;
}

/** A dialect whose body is parsed once and leaves with the model's name changed, whose answer's bytes pass as they come. */
export function passThrough<Schema extends z.ZodType<Loose>>(own: PassThrough<Schema>): Dialect {
  const parse = ({ bytes, jsonDepthMax }: RequestText): Inquiry => {
    const json = readJson(bytes, jsonDepthMax);
    const request = checkShape(own.schema, json.value, own.what);
    const inquiry: Inquiry = {
      requestedModel: request.model,
      stream: false,
      choices: 1,
      maxOutputTokens: 0,
      needs: [{ name: own.path.slice(1), param: 'model' }, ...listNeeds(request)],
      mediaTokens: 0,
      session: null,
      texts: new Sensitive(collectTexts(...own.said(request))),
      ...own.describe?.(request),
      ask: (backend) => {
        const dropped = unknownFields(json, own.known, backend);
        const model = JSON.stringify(backend.upstreamModel ?? backend.model ?? '');
        const set = { model, ...own.change?.(request, { inquiry, backend }) };
        return { path: own.path, body: splice(json, { set, drop: dropped }), dropped, ...own.answer(request) };
      },
    };
    return inquiry;
  };
  const { endpoint, mode } = own;
  return { endpoint, mode, family: 'openai', body: 'json', parse, errorFrame: openaiErrorFrame };
}

export const isJson = (mediaType: string) => mediaType === 'application/json';
