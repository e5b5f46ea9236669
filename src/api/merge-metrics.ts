/**
 * Metrics of several processes as one text in Prometheus' format (text format 0.0.4): each name once, with the samples of
 * all. Nothing is added up: every sample carries the label `worker`, so that the counters of a process that ended do not
 * make a sum fall, which Prometheus would take for a restart of all.
 */
export function mergeMetrics(texts: readonly string[]): string {
  const metrics = new Map<string, { readonly head: readonly string[]; readonly samples: string[] }>();
  for (const block of texts.flatMap((text) => text.split(/^(?=# HELP )/m))) {
    const lines = block.split('\n').filter((line) => line !== '');
    const name = lines[0]?.split(' ')[2];
    if (name === undefined) continue;
    const samples = lines.filter((line) => !line.startsWith('#'));
    const known = metrics.get(name);
    if (known === undefined) metrics.set(name, { head: lines.filter((line) => line.startsWith('#')), samples });
    else known.samples.push(...samples);
  }
  return `${[...metrics.values()].map(({ head, samples }) => [...head, ...samples].join('\n')).join('\n\n')}\n`;
}
