import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { describeIssuer } from '../../charter/index.ts';
import type { ApiKey } from '../../identity/ports.ts';
import { Problem } from '../../kit/index.ts';
import {
  co2Of,
  energyOf,
  focusFile,
  focusWish,
  readUsageWish,
  type UsageQuestion,
  usageCsv,
  writeUsage,
} from '../../record/index.ts';
import { type UsageGroup, type UsageRow, type UsageWish, usageGroups } from '../../record/schema.ts';
import { needStaff, unshared } from '../console/guard-staff.ts';
import { viewBudgets } from '../console/view-budgets.ts';
import type { ApiParts } from '../parts.ts';
import type { UsageView } from '../schema.ts';
import { callerOf } from '../vault-requests.ts';

interface KeyQuery {
  readonly start_time?: string;
  readonly end_time?: string;
  readonly group_by?: string | readonly string[];
  readonly 'group_by[]'?: string | readonly string[];
  readonly bucket_width?: string;
}

const keyParameters = new Set(['start_time', 'end_time', 'group_by', 'group_by[]', 'bucket_width']);

type StaffQuery = Omit<UsageQuestion, 'only'> & Partial<Record<UsageGroup, string>>;

/** What was used: for a key its own, for the console everybody's, as a table, CSV or FOCUS. */
export function usageRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get<{ Querystring: KeyQuery }>('/v1/usage', async (request, reply) => {
    const { caller } = await callerOf(request, parts);
    const { key } = caller;
    const wish = wishOfKey(request.query, key, parts.clock.wallMs());
    const [rows, budgets] = await Promise.all([parts.usage.count(wish), viewBudgets(parts)]);
    const owners = [`key:${key.id}`, `tenant:${key.tenant}`, `project:${key.tenant}/${key.project ?? ''}`];
    const limits = budgets.filter(({ owner }) => owners.includes(owner));
    return reply.header('cache-control', 'no-store').send({
      object: 'page',
      data: bucketsOf(rows, wish),
      limits,
      has_more: false,
      next_page: null,
    });
  });

  app.get<{ Querystring: StaffQuery }>('/api/console/usage', async (request, reply) => {
    await needStaff(request, 'read-keys', parts);
    const wish = wishOfStaff(request.query, parts);
    const view: UsageView = { from: wish.from, to: wish.to, rows: await parts.usage.count(wish) };
    return unshared(reply).send(view);
  });
  app.get<{ Querystring: StaffQuery }>('/api/console/usage.csv', async (request, reply) => {
    await needStaff(request, 'read-keys', parts);
    const wish = wishOfStaff(request.query, parts);
    const pieces = writeUsage(usageCsv(wish), parts.usage.pages(wish));
    return sendFile(reply, `usage-${wish.from}-${wish.to}.csv`, pieces);
  });
  app.get<{ Querystring: StaffQuery }>('/api/console/usage-focus.csv', async (request, reply) => {
    await needStaff(request, 'read-keys', parts);
    const wish = focusWish(wishOfStaff(request.query, parts));
    const file = focusFile(describeIssuer(parts.inForce().charter, parts.publicUrl));
    return sendFile(reply, `usage-focus-${wish.from}-${wish.to}.csv`, writeUsage(file, parts.usage.pages(wish)));
  });
  app.get('/api/console/budgets', async (request, reply) => {
    await needStaff(request, 'read-keys', parts);
    return unshared(reply).send({ budgets: await viewBudgets(parts) });
  });
}

/** A file that breaks off is one to the client too: its connection ends before its last chunk. */
function sendFile(reply: FastifyReply, name: string, pieces: AsyncIterable<string>): FastifyReply {
  return unshared(reply)
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(Readable.from(pieces));
}

function wishOfStaff(query: StaffQuery, parts: ApiParts): UsageWish {
  const only = Object.fromEntries(usageGroups.map((group) => [group, query[group]]));
  return readUsageWish({ ...query, only }, parts.clock.wallMs());
}

/** As OpenAI's organisation usage asks: seconds since 1970, whole days. https://platform.openai.com/docs/api-reference/usage (2026-11) */
function wishOfKey(query: KeyQuery, key: ApiKey, nowMs: number): UsageWish {
  // What is asked of a part must not be answered by the sum of all.
  const odd = Object.keys(query).find((name) => !keyParameters.has(name));
  if (odd !== undefined)
    throw new Problem('invalid-request', `\`${odd}\` is not known here; \`group_by\` tells usage apart`, {
      param: odd,
    });
  if (query.bucket_width !== undefined && query.bucket_width !== '1d')
    throw new Problem('invalid-request', '`bucket_width` takes `1d`: usage is counted by day', {
      param: 'bucket_width',
    });
  const by = [query.group_by ?? query['group_by[]'] ?? []].flat().join(',');
  // A key of staff sees its whole tenant.
  const only = key.role === 'caller' ? { tenant: key.tenant, key: key.id } : { tenant: key.tenant };
  const from = dayOf('start_time', query.start_time);
  return readUsageWish({ from, to: dayOf('end_time', query.end_time, -1), by, only }, nowMs);
}

/** `end_time` is exclusive: a second before it. */
function dayOf(param: string, text: string | undefined, shiftSeconds = 0): string | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,11}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(seconds))
    throw new Problem('invalid-request', `\`${param}\` takes seconds since 1970-01-01 (UTC)`, { param });
  return new Date((seconds + shiftSeconds) * 1000).toISOString().slice(0, 10);
}

const DAY_SECONDS = 86_400;

/** A bucket for each day that has any. */
function bucketsOf(rows: readonly UsageRow[], { groups }: UsageWish): object[] {
  return [...Map.groupBy(rows, ({ day }) => day ?? '')].map(([day, ofDay]) => {
    const startTime = Date.parse(`${day}T00:00:00Z`) / 1000;
    return {
      object: 'bucket',
      start_time: startTime,
      end_time: startTime + DAY_SECONDS,
      results: ofDay.map((row) => resultOf(row, groups)),
    };
  });
}

function resultOf(row: UsageRow, groups: readonly UsageGroup[]): object {
  return {
    object: 'usage.result',
    ...Object.fromEntries(groups.map((group) => [group, row.group[group] || null])),
    num_model_requests: row.requests,
    input_tokens: row.tokensIn,
    output_tokens: row.tokensOut,
    refused_requests: row.refused,
    failed_requests: row.failed,
    estimated_requests: row.counted,
    amount: { value: row.moneyMicros / 1e6, currency: row.currency.toLowerCase() },
    energy_wh: energyOf(row).value,
    co2_grams: co2Of(row).value,
  };
}
