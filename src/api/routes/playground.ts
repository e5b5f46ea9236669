import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { openaiChat } from '../../gateway/index.ts';
import { Problem } from '../../kit/index.ts';
import { needStaff } from '../console/guard-staff.ts';
import type { ApiParts } from '../parts.ts';
import { serveInference } from '../serve-inference.ts';

/** Longer prompts are a matter for a key. */
const BODY_BYTES = 256_000;

const Asked = z.strictObject({
  tenant: z.string().min(1),
  purpose: z.string().min(1),
  /** A body of `/v1/chat/completions`, as it is. */
  request: z.record(z.string(), z.unknown()),
});

/**
 * What an operator tries in the console takes the way of every request: law, budget of the tenant, receipt. Only who asks is a
 * session here, not a key.
 */
export function playgroundRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.post('/api/console/playground', { bodyLimit: BODY_BYTES }, async (request, reply) => {
    await needStaff(request, 'ask-models', parts);
    const asked = Asked.safeParse(request.body);
    if (!asked.success) {
      const param = asked.error.issues[0]?.path.join('.') ?? '';
      throw new Problem('invalid-request', 'send `tenant`, `purpose` and the chat request as `request`', { param });
    }
    const { tenant: id, purpose, request: body } = asked.data;
    const tenant = parts.inForce().tenants.get(id);
    if (tenant === undefined)
      throw new Problem('invalid-request', `the charter names no tenant \`${id}\``, { param: 'tenant' });
    if (!tenant.purposes.includes(purpose)) {
      const known = tenant.purposes.map((one) => `\`${one}\``).join(', ');
      throw new Problem(
        'purpose-not-allowed',
        `the tenant \`${id}\` does not have the purpose \`${purpose}\`; it has ${known}`,
      );
    }
    const key = {
      id: 'console',
      tenant: tenant.id,
      project: null,
      purposes: [purpose],
      defaultLevel: null,
      limits: {},
      role: 'caller' as const,
      expiresAtMs: null,
    };
    // The answer is the path's own from here on, as under /v1.
    reply.hijack();
    const known = { isGuest: false, caller: { key, tenant }, purpose };
    await serveInference(
      { request: request.raw, response: reply.raw, said: { known, body: Buffer.from(JSON.stringify(body)) } },
      openaiChat,
      parts,
    );
  });
}
