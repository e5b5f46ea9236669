import type { FastifyInstance } from 'fastify';
import { formatTime, Problem } from '../../kit/index.ts';
import { formatCsv } from '../../record/index.ts';
import type { EntryPage, EntryWish, PublicEntry, RecordView, StaffEntry } from '../../record/schema.ts';
import type { ApiParts } from '../parts.ts';

const shared = { 'cache-control': 'public, max-age=5' } as const;
const PAGE_MAX = 200;

/** The public record: counts and lists of decided entries, for anybody, from anywhere. */
export function recordRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.get('/api/record', async (_request, reply) => reply.headers(shared).send(await viewRecord(parts)));

  app.get('/api/record/days.csv', async (_request, reply) => {
    const spans = await parts.record.spans('day', 14, parts.clock.wallMs());
    const rows = spans.map(({ from, inCountry, abroad, refused }) => [from.slice(0, 10), inCountry, abroad, refused]);
    return reply
      .headers(shared)
      .type('text/csv; charset=utf-8')
      .send(formatCsv(['day', 'in country', 'abroad', 'refused'], rows));
  });

  app.get<{ Querystring: EntryQuery }>('/api/record/entries', async (request, reply) => {
    const page = await parts.record.list(readWish(request.query));
    const answer: EntryPage<PublicEntry> = { ...page, entries: page.entries.map(publicEntry) };
    return reply.headers(shared).send(answer);
  });
}

export type EntryQuery = Readonly<Partial<Record<keyof EntryWish, string>>>;

/** @throws Problem that names the parameter */
export function readWish(query: EntryQuery): EntryWish {
  const { log, place, ended, level, clause, caveat, backend } = query;
  const texts = Object.fromEntries(
    Object.entries({ log, place, ended, level, clause, caveat, backend }).filter(
      ([, value]) => value !== undefined && value !== '',
    ),
  );
  const before = readBefore(query.before);
  const hours = wholeNumber('hours', query.hours);
  return {
    ...texts,
    ...(before === null ? {} : { before }),
    ...(hours === null ? {} : { hours: Math.min(hours, 100_000) }),
    limit: Math.min(wholeNumber('limit', query.limit) ?? 50, PAGE_MAX),
  };
}

function readBefore(value: string | undefined): Required<EntryWish>['before'] | null {
  if (value === undefined || value === '') return null;
  const [, log, index] = /^([a-z0-9-]{1,60})\/(\d{1,15})$/.exec(value) ?? [];
  if (log === undefined)
    throw new Problem('invalid-request', '`before` must be a log and a number, such as `decisions-2026h2/41`', {
      param: 'before',
    });
  return { log, index: Number(index) };
}

function wholeNumber(name: string, value: string | undefined): number | null {
  if (value === undefined || value === '') return null;
  if (!/^\d{1,15}$/.test(value))
    throw new Problem('invalid-request', `\`${name}\` must be a whole number`, { param: name });
  return Number(value);
}

function publicEntry(entry: StaffEntry): PublicEntry {
  const { log, index, time, ended, kind, place, jurisdiction, site, level, clauses, commitment } = entry;
  return { log, index, time, ended, kind, place, jurisdiction, site, level, clauses, commitment };
}

export async function viewRecord(parts: ApiParts): Promise<RecordView> {
  const nowMs = parts.clock.wallMs();
  const { record } = parts;
  const [day, hours, days, version, cases, documents] = await Promise.all([
    record.countDay(nowMs),
    record.spans('hour', 24, nowMs),
    record.spans('day', 14, nowMs),
    parts.charters.currentVersion(),
    parts.assistant.listCases(),
    parts.documents(),
  ]);
  return {
    at: formatTime(nowMs),
    day,
    hours,
    days,
    backends: describeBackends(parts),
    charter: describeCharter(parts, version?.adoptedAtMs ?? null),
    collection: [...new Set(documents.map(({ language }) => language))].map((language) => {
      const own = documents.filter((document) => document.language === language);
      return { language, documents: own.length, checked: own.filter(({ checked }) => checked !== null).length };
    }),
    contested: { total: cases.length },
  };
}

function describeBackends({ inForce }: ApiParts): RecordView['backends'] {
  const { charter, models } = inForce();
  return charter.backends.map(({ id, model, site: siteId, operator }) => {
    const site = charter.sites.find((one) => one.id === siteId);
    const jurisdiction = site?.jurisdiction ?? '';
    return {
      id,
      model: model === null ? null : (models.get(model)?.name ?? model),
      place: site?.place ?? siteId,
      jurisdiction,
      operator: operator.name,
      inCountry: jurisdiction === charter.country.country,
    };
  });
}

function describeCharter({ inForce }: ApiParts, adoptedAtMs: number | null): RecordView['charter'] {
  const { charter, law } = inForce();
  const redLineClauses = law.policies.filter(({ set }) => set === 'red-lines').length;
  return {
    digest: charter.digest,
    status: charter.country.status,
    adoptedAt: adoptedAtMs === null ? null : formatTime(adoptedAtMs),
    lawClauses: law.policies.length - redLineClauses,
    redLineClauses,
    redLines: charter.country.redLines,
  };
}
