import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type FoundCaller, findCaller, listDropped } from '../gateway/index.ts';
import { Problem } from '../kit/index.ts';
import type { Page } from '../vault/ports.ts';
import type { ApiParts } from './parts.ts';

/** @throws Problem 401 or 403 */
export function callerOf(request: FastifyRequest, parts: ApiParts): FoundCaller | Promise<FoundCaller> {
  return findCaller(request.headers, { keys: parts.keys, inForce: parts.inForce() });
}

/** Names to the caller what nothing was done with, as answers of models do. */
export function nameDropped(reply: FastifyReply, names: readonly string[]): FastifyReply {
  return names.length === 0 ? reply : reply.header('x-polity-dropped', listDropped(names));
}

const LIMIT_MAX = 10_000;
const word = z
  .string()
  .max(64)
  .regex(/^[\w-]*$/)
  .optional();
const query = z.object({
  after: word,
  purpose: word,
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(100),
  order: z.enum(['asc', 'desc']).default('desc'),
});

/** OpenAI's cursors: https://platform.openai.com/docs/api-reference/files/list (2026-11). @throws Problem `invalid-request` */
export function readPage(asked: unknown): Page & { readonly purpose: string | null } {
  const result = query.safeParse(asked);
  if (!result.success) {
    const param = result.error.issues[0]?.path.join('.') ?? '';
    throw new Problem('invalid-request', `\`${param}\` is not valid`, { param });
  }
  const { after = null, purpose = null, limit, order } = result.data;
  return { after, purpose, limit, order };
}

/** One more than asked for was read, to know whether there are more. */
export function listOf<Item extends { readonly id: string }>(items: readonly Item[], limit: number) {
  const data = items.slice(0, limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: items.length > limit,
  };
}
