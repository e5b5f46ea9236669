import type { Backend } from '../../charter/schema.ts';
import { Problem, Sensitive } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, RequestText } from '../dialect.ts';
import { knownFields } from '../wire/known-fields.ts';
import { listNeeds } from '../wire/list-needs.ts';
import { type Form, readForm, refuseFiles } from '../wire/read-form.ts';
import { openaiErrorFrame } from './openai-error-frame.ts';
import { imagesAnswer, TOKENS_PER_PICTURE } from './openai-images.ts';

const ENDPOINT = '/images/edits';
const PICTURES = ['image', 'mask'];
const KNOWN = new Set([...knownFields.images, 'input_fidelity', ...PICTURES, 'image[]']);
/** What a picture costs as input at most: OpenAI's gpt-image in high fidelity, a large one (6,240 and its tiles; 2026-11). */
const TOKENS_PER_SOURCE = 7_000;
const CHOICES_MAX = 128;

/** Pictures and what is to become of them, as another picture. */
export const openaiImageEdits: Dialect = {
  endpoint: `/v1${ENDPOINT}`,
  mode: 'images',
  family: 'openai',
  body: 'form',
  parse,
  errorFrame: openaiErrorFrame,
};

async function parse(text: RequestText): Promise<Inquiry> {
  const form = await readForm(text, ['image']);
  refuseFiles(form, (name) => KNOWN.has(name) && !PICTURES.includes(name.replace('[]', '')));
  for (const param of PICTURES)
    if (form.texts(param).length > 0)
      throw new Problem('invalid-request', `\`${param}\` came as text; send the picture itself as a file`, { param });
  if (!form.files.some(({ name }) => name === 'image' || name === 'image[]'))
    throw new Problem('invalid-request', '`image` is missing: send the picture as a part of the form', {
      param: 'image',
    });
  const prompt = form.text('prompt');
  if (!prompt)
    throw new Problem('invalid-request', '`prompt` is missing: say what the picture is to become', { param: 'prompt' });
  const choices = readCount(form);
  const stream = form.text('stream') === 'true';
  return {
    requestedModel: form.text('model') ?? 'auto',
    stream,
    choices,
    maxOutputTokens: TOKENS_PER_PICTURE,
    needs: [{ name: ENDPOINT.slice(1), param: 'model' }, ...listNeeds({ n: choices })],
    mediaTokens: form.files.length * TOKENS_PER_SOURCE,
    session: null,
    texts: new Sensitive([prompt]),
    ask: (backend) => ask(form, { stream, backend }),
  };
}

function readCount(form: Form): number {
  const said = form.text('n') ?? '1';
  const count = Number(said);
  if (/^\d+$/.test(said) && count >= 1 && count <= CHOICES_MAX) return count;
  throw new Problem('invalid-request', `\`n\` is a whole number from 1 to ${CHOICES_MAX}`, { param: 'n' });
}

function ask(form: Form, { stream, backend }: { readonly stream: boolean; readonly backend: Backend }): Asking {
  const dropped = form.names.filter((name) => !KNOWN.has(name) && !backend.passes.includes(name));
  const set = { model: backend.upstreamModel ?? backend.model ?? '' };
  const { body, contentType } = form.rewrite({ set, drop: dropped });
  return {
    path: ENDPOINT,
    body,
    headers: { 'content-type': contentType },
    dropped,
    ...imagesAnswer(stream, 'image_edit.completed'),
  };
}
