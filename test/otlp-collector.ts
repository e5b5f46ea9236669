/** A collector of OpenTelemetry's protocol over HTTP in JSON, on loopback: keeps every byte, and reads spans and metrics out of them. */
import { createServer, type ServerResponse } from 'node:http';

export type Value = string | number | boolean | readonly Value[];

export interface SeenSpan {
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, Value>>;
  /** 2: an error. */
  readonly status: number;
  /** Milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
}

export interface SeenPoint {
  readonly attributes: Readonly<Record<string, Value>>;
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly number[];
}

export interface OtlpCollector {
  readonly url: string;
  /** Everything that came, headers too. */
  text(): string;
  spans(): SeenSpan[];
  /** Of the latest export; of counters and gauges `sum` has the value. */
  points(metric: string): SeenPoint[];
  resource(): Readonly<Record<string, Value>>;
  requests(): number;
  /** What it does with an export: takes it unless a test says otherwise. */
  mood: (response: ServerResponse) => void;
  close(): Promise<void>;
}

const take = (response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end('{"partialSuccess":{}}');

export async function startCollector(): Promise<OtlpCollector> {
  const open = new Set<ServerResponse>();
  const bodies: { path: string; head: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      bodies.push({ path: request.url ?? '', head: JSON.stringify(request.headers), body });
      open.add(response);
      response.once('close', () => open.delete(response));
      collector.mood(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const parsed = (path: string) =>
    bodies.filter((one) => one.path === path).map(({ body }) => JSON.parse(body) as Json);
  const collector: OtlpCollector = {
    url: `http://127.0.0.1:${port}`,
    text: () => bodies.map(({ head, body }) => `${head}\n${body}\n`).join(''),
    spans: () => parsed('/v1/traces').flatMap(readSpans),
    points: (metric) => readPoints(parsed('/v1/metrics').at(-1), metric),
    resource: () => readAttributes(parsed('/v1/traces')[0]?.resourceSpans?.[0]?.resource?.attributes),
    requests: () => bodies.length,
    mood: take,
    close: () =>
      new Promise((resolve) => {
        // Final, so that whoever waits for an answer does not try again.
        for (const response of open) response.writeHead(400).end();
        server.close(() => resolve());
      }),
  };
  return collector;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of a foreign protocol, read field by field below
type Json = any;

function readSpans(message: Json): SeenSpan[] {
  const scopes: Json[] = message.resourceSpans.flatMap((resource: Json) => resource.scopeSpans);
  return scopes
    .flatMap((scope) => scope.spans)
    .map((span: Json) => ({
      name: span.name,
      kind: span.kind,
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      attributes: readAttributes(span.attributes),
      status: span.status?.code ?? 0,
      startMs: Number(BigInt(span.startTimeUnixNano) / 1000n) / 1000,
      endMs: Number(BigInt(span.endTimeUnixNano) / 1000n) / 1000,
    }));
}

function readPoints(message: Json, name: string): SeenPoint[] {
  const scopes: Json[] = message?.resourceMetrics.flatMap((resource: Json) => resource.scopeMetrics) ?? [];
  return scopes
    .flatMap((scope) => scope.metrics)
    .filter((metric) => metric.name === name)
    .flatMap((metric) => (metric.histogram ?? metric.sum ?? metric.gauge).dataPoints)
    .map((point: Json) => ({
      attributes: readAttributes(point.attributes),
      count: Number(point.count ?? 1),
      sum: Number(point.sum ?? point.asDouble ?? point.asInt),
      buckets: (point.bucketCounts ?? []).map(Number),
    }));
}

function readAttributes(list: Json): Record<string, Value> {
  return Object.fromEntries((list ?? []).map(({ key, value }: Json) => [key, readValue(value)]));
}

function readValue(value: Json): Value {
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(readValue);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.doubleValue ?? value.boolValue;
}
