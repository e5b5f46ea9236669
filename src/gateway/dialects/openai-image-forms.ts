import type { Backend } from '../../charter/schema.ts';
import { Problem, Sensitive } from '../../kit/index.ts';
import type { Asking, Dialect, Inquiry, RequestText } from '../dialect.ts';
import { knownFields } from '../wire/known-fields.ts';
import { listNeeds } from '../wire/list-needs.ts';
import { checkFiles, type Form, readForm } from '../wire/read-form.ts';
import { openaiErrorFrame } from './openai-error-frame.ts';
import { imagesAnswer, TOKENS_PER_PICTURE } from './openai-images.ts';

const LISTS = ['image'];
const FILES = ['image', 'image[]', 'mask'];
/** What a picture costs as input at most: OpenAI's gpt-image in high fidelity, a large one (6,240 and its tiles; 2026-11). */
const TOKENS_PER_SOURCE = 7_000;
const CHOICES_MAX = 128;

interface ImageForm {
  readonly endpoint: string;
  readonly path: string;
  /** Words beside the images. */
  readonly fields: readonly string[];
  readonly hasPrompt: boolean;
}

/** Pictures made from pictures, with words that say what is to change. https://platform.openai.com/docs/api-reference/images (2026-11) */
export const openaiImageEdits = imageForm({
  endpoint: '/v1/images/edits',
  path: '/images/edits',
  fields: [...knownFields.images, 'input_fidelity'],
  hasPrompt: true,
});

export const openaiImageVariations = imageForm({
  endpoint: '/v1/images/variations',
  path: '/images/variations',
  fields: ['model', 'n', 'response_format', 'size', 'user'],
  hasPrompt: false,
});

function imageForm(own: ImageForm): Dialect {
  const known = new Set([...own.fields, ...FILES]);
  const parse = async (text: RequestText): Promise<Inquiry> => {
    const form = await readForm(text, LISTS);
    checkFiles(form, { known, files: FILES });
    if (!form.files.some(({ name }) => name === 'image' || name === 'image[]'))
      throw missing('image', 'send the picture as a part of the form');
    if (own.hasPrompt && !form.text('prompt')) throw missing('prompt', 'say what the picture is to become');
    const choices = readCount(form);
    const stream = own.hasPrompt && form.text('stream') === 'true';
    return {
      requestedModel: form.text('model') ?? 'auto',
      stream,
      choices,
      maxOutputTokens: TOKENS_PER_PICTURE,
      needs: [{ name: own.path.slice(1), param: 'model' }, ...listNeeds({ n: choices })],
      mediaTokens: form.files.length * TOKENS_PER_SOURCE,
      session: null,
      texts: new Sensitive(form.texts('prompt')),
      ask: (backend) => ask({ form, path: own.path, known, stream }, backend),
    };
  };
  const { endpoint } = own;
  return { endpoint, mode: 'images', family: 'openai', body: 'form', parse, errorFrame: openaiErrorFrame };
}

interface Order {
  readonly form: Form;
  readonly path: string;
  readonly known: ReadonlySet<string>;
  readonly stream: boolean;
}

function ask({ form, path, known, stream }: Order, backend: Backend): Asking {
  const dropped = form.names.filter((name) => !known.has(name) && !backend.passes.includes(name));
  const { body, contentType } = form.rewrite({
    set: { model: backend.upstreamModel ?? backend.model ?? '' },
    drop: dropped,
  });
  return {
    path,
    body,
    headers: { 'content-type': contentType },
    dropped,
    ...imagesAnswer(stream, 'image_edit.completed'),
  };
}

function readCount(form: Form): number {
  const said = form.text('n') ?? '1';
  const count = Number(said);
  if (/^\d+$/.test(said) && count >= 1 && count <= CHOICES_MAX) return count;
  throw new Problem('invalid-request', `\`n\` is not valid: a whole number from 1 to ${CHOICES_MAX}`, { param: 'n' });
}

function missing(param: string, remedy: string): Problem {
  return new Problem('invalid-request', `\`${param}\` is missing: ${remedy}`, { param });
}
