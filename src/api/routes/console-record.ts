import type { FastifyInstance } from 'fastify';
import { formatTime, Problem } from '../../kit/index.ts';
import { formatCsv } from '../../record/index.ts';
import type { StaffEntry } from '../../record/schema.ts';
import { describeBackends } from '../console/describe-backends.ts';
import { explainDecision } from '../console/explain-decision.ts';
import { needStaff, unshared } from '../console/guard-staff.ts';
import { Lawbooks } from '../console/open-lawbooks.ts';
import { runClocks } from '../console/run-clocks.ts';
import type { ApiParts } from '../parts.ts';
import type { CaseRow, EntryView, OverviewView } from '../schema.ts';
import { type EntryQuery, readWish, viewRecord } from './record.ts';

/** What an operator sees of what ran: overview, backends, entries with why they were decided so, contested answers. */
export function consoleRecordRoutes(app: FastifyInstance, parts: ApiParts): void {
  const lawbooks = new Lawbooks(parts);

  app.get('/api/console/overview', async (request, reply) => {
    await needStaff(request, 'read-status', parts);
    const [record, backends, keys] = await Promise.all([
      viewRecord(parts),
      describeBackends(parts),
      parts.keyStore.list({}),
    ]);
    const live = keys.filter(({ revokedAtMs }) => revokedAtMs === null);
    const clocks = await runClocks(parts, live);
    const view: OverviewView = {
      record,
      backends,
      clocks,
      policies: parts.inForce().law.policies.length,
      keys: live.length,
    };
    return unshared(reply).send(view);
  });

  app.get('/api/console/backends', async (request, reply) => {
    await needStaff(request, 'read-status', parts);
    return unshared(reply).send({ backends: await describeBackends(parts) });
  });

  app.get<{ Querystring: EntryQuery }>('/api/console/entries', async (request, reply) => {
    await needStaff(request, 'read-ledger', parts);
    return unshared(reply).send(await parts.record.list(readWish(request.query)));
  });

  app.get<{ Querystring: EntryQuery }>('/api/console/entries.csv', async (request, reply) => {
    await needStaff(request, 'read-ledger', parts);
    const { entries } = await parts.record.list({ ...readWish(request.query), limit: CSV_ROWS });
    return unshared(reply)
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="entries.csv"')
      .send(formatCsv(csvHeader, entries.map(csvRow)));
  });

  app.get<{ Params: { log: string; index: string } }>('/api/console/entries/:log/:index', async (request, reply) => {
    await needStaff(request, 'read-ledger', parts);
    const { log, index } = request.params;
    const entry = /^\d{1,15}$/.test(index) ? await parts.record.find(log, Number(index)) : null;
    if (entry === null) throw new Problem('not-found', 'there is no such entry of a decision');
    const book = await lawbooks.find(entry.charter);
    const view: EntryView = { entry, chain: book === null ? null : explainDecision(wishOf(entry), book) };
    return unshared(reply).send(view);
  });

  app.get('/api/console/cases', async (request, reply) => {
    await needStaff(request, 'read-status', parts);
    const cases = (await parts.assistant.listCases()).map(
      ({ number, reason, state, createdAtMs, dueAtMs, institution, turnMode: mode, entry }): CaseRow => ({
        number,
        reason,
        state,
        createdAt: formatTime(createdAtMs),
        dueAt: formatTime(dueAtMs),
        institution,
        mode,
        entry,
      }),
    );
    return unshared(reply).send({ cases });
  });
}

const CSV_ROWS = 10_000;
const csvHeader = [
  'log',
  'entry',
  'time',
  'ended',
  'kind',
  'place',
  'jurisdiction',
  'site',
  'level',
  'caveats',
  'clauses',
  'tenant',
  'purpose',
  'backend',
  'model',
  'commitment',
];

function csvRow(entry: StaffEntry): (string | null)[] {
  const { log, index, time, ended, kind, place, jurisdiction, site, level, tenant, purpose, backend, model } = entry;
  const lists = [entry.caveats.join(' '), entry.clauses.join(' ')];
  return [
    log,
    index,
    time,
    ended,
    kind,
    place,
    jurisdiction,
    site,
    level,
    ...lists,
    tenant,
    purpose,
    backend,
    model,
    entry.commitment,
  ];
}

function wishOf({ tenant, purpose, level, caveats, requestedModel: model, kind }: StaffEntry) {
  return { tenant, purpose, level, caveats, model, mode: kind } as const;
}
