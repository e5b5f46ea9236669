import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { formatTime, fromUtf8, Problem } from '../../kit/index.ts';
import { decisionGrid } from '../console/decision-grid.ts';
import { explainDecision } from '../console/explain-decision.ts';
import { needStaff, unshared } from '../console/guard-staff.ts';
import type { ApiParts } from '../parts.ts';
import type { CharterView, PolicyView } from '../schema.ts';

const wishShape = z.strictObject({
  tenant: z.string(),
  purpose: z.string(),
  level: z.string(),
  caveats: z.array(z.string()).max(12),
  model: z.string().default('auto'),
  mode: z.enum(['chat', 'quoted']).default('chat'),
});

/** What governs: policies, the decision grid, any decision with its reasons, the charter with its history. */
export function consoleLawRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get('/api/console/policies', async (request, reply) => {
    await needStaff(request, 'read-charter', parts);
    const policies = parts.inForce().law.policies.map(
      ({
        sentences: sentence,
        id,
        set,
        effect,
        name,
        legalBasis,
        owner,
        reviewDate,
        file,
        line,
        text,
      }): PolicyView => ({
        id,
        set,
        effect,
        name,
        sentence,
        legalBasis,
        owner,
        reviewDate,
        file,
        line,
        text,
      }),
    );
    return unshared(reply).send({ policies });
  });

  app.get<{ Querystring: { purpose?: string; tenant?: string } }>('/api/console/grid', async (request, reply) => {
    await needStaff(request, 'read-charter', parts);
    const { purpose, tenant } = request.query;
    return unshared(reply).send(decisionGrid(parts.inForce(), { purpose, tenant }));
  });

  app.post('/api/console/decide', async (request, reply) => {
    await needStaff(request, 'read-charter', parts);
    const wish = wishShape.safeParse(request.body);
    const chain = wish.success ? explainDecision(wish.data, parts.inForce()) : null;
    if (chain === null)
      throw new Problem(
        'invalid-request',
        'name a tenant, a purpose, a level and caveats as the charter in force has them',
      );
    return unshared(reply).send(chain);
  });

  app.get('/api/console/charter', async (request, reply) => {
    await needStaff(request, 'read-charter', parts);
    return unshared(reply).send(await viewCharter(parts));
  });
}

async function viewCharter({ inForce, charters }: ApiParts): Promise<CharterView> {
  const { charter } = inForce();
  const [bytes, history] = await Promise.all([charters.loadVersion(charter.digest), charters.history()]);
  return {
    digest: charter.digest,
    status: charter.country.status,
    country: charter.country.name,
    files: [...(bytes ?? [])].map(([path, content]) => ({ path, text: fromUtf8(content), bytes: content.length })),
    history: history.map(({ digest, status, proposedAtMs, adoptedAtMs }) => ({
      digest,
      status,
      proposedAt: formatTime(proposedAtMs),
      adoptedAt: adoptedAtMs === null ? null : formatTime(adoptedAtMs),
    })),
  };
}
