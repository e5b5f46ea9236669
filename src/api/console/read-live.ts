/** What all gateways say now of one backend, read from their metrics. */
export interface LiveBackend {
  running: number;
  waiting: number;
  /** Until a gateway asks it again, seconds; the longest. */
  restSeconds: number;
  outputTokens: number;
  answeringSeconds: number;
}

const nothing = { running: 0, waiting: 0, restSeconds: 0, outputTokens: 0, answeringSeconds: 0 };
const SAMPLE = /^([a-z_]+)\{(.*)\} (\S+)$/;

/** From the merged metrics: a worker that is asked knows only itself. */
export function readLive(metrics: string): ReadonlyMap<string, LiveBackend> {
  const live = new Map<string, LiveBackend>();
  for (const line of metrics.split('\n')) {
    const [, name = '', labels = '', text = ''] = SAMPLE.exec(line) ?? [];
    const backend = /(?:^|,)(?:polity_)?backend="([^"]*)"/.exec(labels)?.[1];
    if (backend === undefined) continue;
    const one = live.get(backend) ?? { ...nothing };
    live.set(backend, one);
    take(one, { name, labels, value: Number(text) });
  }
  return live;
}

function take(one: LiveBackend, { name, labels, value }: { name: string; labels: string; value: number }): void {
  if (name === 'polity_backend_requests') {
    if (labels.includes('state="running"')) one.running += value;
    else one.waiting += value;
  } else if (name === 'polity_backend_rest_seconds') one.restSeconds = Math.max(one.restSeconds, value);
  else if (name === 'gen_ai_client_operation_duration_seconds_sum') one.answeringSeconds += value;
  else if (name === 'gen_ai_client_token_usage_sum' && labels.includes('gen_ai_token_type="output"'))
    one.outputTokens += value;
}
