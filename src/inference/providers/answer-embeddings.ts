import { z } from 'zod';
import type { EmbeddingModel } from './driver.ts';
import type { Job } from './job.ts';
import { parseJson } from './read-chat.ts';
import { refuse } from './refuse.ts';

const schema = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(z.string()).min(1)]),
  dimensions: z.number().int().positive().nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
});

/** @throws Problem, or whatever the package throws */
export async function answerEmbeddings({ body, run, headers, open }: Job): Promise<void> {
  const read = schema.safeParse(parseJson(body));
  if (!read.success) throw refuse(read.error.issues[0]?.path.join('.') || 'input', 'a text or a list of texts');
  const { model: name, input, dimensions, encoding_format: format } = read.data;
  const { driver } = open();
  const model = driver.embedding?.(name);
  if (model === undefined) throw refuse('model', 'it has no embeddings');
  if (dimensions != null && driver.embeddingOptions === undefined) throw refuse('dimensions', 'the model has its own');
  const providerOptions = dimensions == null ? undefined : driver.embeddingOptions?.(dimensions);
  const values = typeof input === 'string' ? [input] : input;
  const { embeddings, tokens } = await embedAll(model, values, {
    headers: { ...headers },
    ...(providerOptions === undefined ? {} : { providerOptions }),
  });
  await run.pass();
  const data = embeddings.map((floats, index) => {
    return { object: 'embedding', index, embedding: format === 'base64' ? base64Of(floats) : floats };
  });
  const usage = tokens === null ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } };
  run.answer(200, { object: 'list', data, model: name, ...usage });
}

type EmbedOptions = Omit<Parameters<EmbeddingModel['doEmbed']>[0], 'values'>;

/** As many at a time as the provider takes, one request after the other. */
async function embedAll(model: EmbeddingModel, values: readonly string[], options: EmbedOptions) {
  const step = (await model.maxEmbeddingsPerCall) ?? values.length;
  const embeddings: number[][] = [];
  let tokens: number | null = 0;
  for (let from = 0; from < values.length; from += step) {
    const result = await model.doEmbed({ values: values.slice(from, from + step), ...options });
    embeddings.push(...result.embeddings);
    tokens = tokens === null || result.usage === undefined ? null : tokens + result.usage.tokens;
  }
  return { embeddings, tokens };
}

/** 32-bit floats, little-endian, as OpenAI writes them. */
function base64Of(floats: readonly number[]): string {
  const bytes = Buffer.alloc(floats.length * 4);
  for (const [index, value] of floats.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
