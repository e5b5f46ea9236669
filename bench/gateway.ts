/**
 * The claim: what governance costs. Polity with key, policy, budget and durable audit beside nothing, nginx, the least
 * that Node can do, and two other gateways: interleaved in one run, on one core. `npm run bench:gateway -- --help`
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { stopChild } from '../test/start-polity.ts';
import { Connection } from './gateway/connection.ts';
import { BAR_CONNECTIONS, type Commits, judgeBars } from './gateway/judge-bars.ts';
import { type Cell, measureCells } from './gateway/measure-cells.ts';
import { measureSyncs, p99, watchCommits } from './gateway/measure-commits.ts';
import { measureStreams, type StreamCell } from './gateway/measure-streams.ts';
import { installPeers } from './gateway/peers.ts';
import { pinCores } from './gateway/pin-cores.ts';
import { measureMemory, printBars, printCells, printDuties, printStreams } from './gateway/print-tables.ts';
import { profileDuties } from './gateway/profile-duties.ts';
import { type BenchOptions, readOptions } from './gateway/read-options.ts';
import { runSlice } from './gateway/run-slice.ts';
import { chatBody } from './gateway/sizes.ts';
import { type Part, startScript } from './gateway/start-parts.ts';
import { type PolitySubject, starters } from './gateway/start-subjects.ts';
import { requestBytes, type Subject } from './gateway/subject.ts';
import { waitRest } from './gateway/wait-rest.ts';

/**
 * A service runs for weeks, so what is measured is compiled code. After 4 s under load a fifth of a broad path's CPU is still V8's
 * compilers, after 20 s a fiftieth (perf, 2026-11). Everything that V8 or Python compiles on the way gets the same time.
 */
const WARM_UP = { body: chatBody(1, false), connections: BAR_CONNECTIONS };
const WARM_UP_SECONDS: Readonly<Record<string, number>> = { direct: 1, nginx: 1 };
const WARM_UP_ELSE_SECONDS = 25;
const RESIZE_SECONDS = 0.7;
const SLOW_MS = 20;
const SLOW_SECONDS = 4;

async function startSubjects(options: BenchOptions, upstreamPort: number): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const [name, start] of Object.entries(starters)) {
    if (!options.subjects.includes(name)) continue;
    const started = await start({ upstreamPort, cache: options.cache }).catch((cause: Error) => ({
      name,
      skipped: cause.message,
    }));
    if ('skipped' in started) console.log(`SKIPPED ${name}: ${started.skipped}`);
    else subjects.push(started);
  }
  return subjects;
}

async function controlUpstream(upstream: Subject, settings: object): Promise<void> {
  const connection = new Connection(upstream.port);
  await connection.ask(requestBytes({ ...upstream, path: '/control' }, Buffer.from(JSON.stringify(settings))));
  connection.close();
}

const isPolity = (subject: Subject): subject is PolitySubject => subject.name === 'Polity';

async function measureAtOnce(subjects: readonly Subject[], options: BenchOptions): Promise<Map<number, Cell[]>> {
  const { connections, seconds, rounds } = options;
  const bySize = new Map<number, Cell[]>();
  for (const kilobytes of options.bodies) {
    const body = chatBody(kilobytes, false);
    for (const subject of subjects) {
      await runSlice(subject, { body, connections: 16, seconds: RESIZE_SECONDS });
      await waitRest(subject);
    }
    for (const count of connections) {
      const cells = await measureCells(subjects, { load: { body, connections: count, seconds }, rounds });
      printCells(`${kilobytes} KB, ${count} connections, ${rounds} rounds of ${seconds} s`, cells);
      bySize.set(kilobytes, [...(bySize.get(kilobytes) ?? []), ...cells]);
    }
  }
  return bySize;
}

async function measureSlow(subjects: readonly Subject[], rounds: number): Promise<[Cell[], Commits | null]> {
  const load = { body: chatBody(1, false), connections: BAR_CONNECTIONS, seconds: SLOW_SECONDS };
  const polity = subjects.find(isPolity);
  const watch = polity && { subject: polity.name, ...watchCommits(polity) };
  const cells = await measureCells(subjects, { load, rounds, ...(watch && { watch }) });
  printCells(
    `upstream of ${SLOW_MS} ms, 1 KB, ${BAR_CONNECTIONS} connections, ${rounds} rounds of ${SLOW_SECONDS} s`,
    cells,
  );
  if (polity === undefined || watch === undefined) return [cells, null];
  const commits = {
    withoutWaitsP99Ms: watch.withoutWaitsP99Ms(),
    waitP99Ms: watch.waitP99Ms(),
    syncP99Ms: p99(measureSyncs(polity.polity.data)),
  };
  return [cells, commits];
}

async function measureAllStreams(subjects: readonly Subject[], counts: readonly number[]): Promise<StreamCell[]> {
  const all: StreamCell[] = [];
  for (const count of counts) {
    const cells: StreamCell[] = [];
    for (const subject of subjects) cells.push(await measureStreams(subject, count));
    printStreams(`${count} streams, 50 chunks a second each, 5 s`, cells);
    all.push(...cells);
  }
  return all;
}

async function runBench(options: BenchOptions, upstream: Part, subjects: readonly Subject[]): Promise<void> {
  const control = {
    name: 'control',
    port: upstream.port,
    path: '',
    headers: {},
    pids: [],
    root: null,
    stop: async () => {},
  };
  pinCores(subjects, upstream.child.pid as number);
  for (const subject of subjects) {
    const seconds = WARM_UP_SECONDS[subject.name] ?? WARM_UP_ELSE_SECONDS;
    await runSlice(subject, { ...WARM_UP, seconds });
    await waitRest(subject);
  }
  const bySize = await measureAtOnce(subjects, options);
  const polity = subjects.find(isPolity);
  const duties = polity === undefined ? null : await profileDuties(polity, BAR_CONNECTIONS);
  if (polity !== undefined) await waitRest(polity);
  await controlUpstream(control, { delayMs: SLOW_MS });
  const [slow, commits] = await measureSlow(subjects, options.rounds);
  await controlUpstream(control, { delayMs: 0 });
  const streams = await measureAllStreams(subjects, options.streams);
  const memory = measureMemory(subjects);
  console.log('\nResident memory at the end, MB');
  console.table(memory);
  if (duties !== null) printDuties(duties, options.duties);
  const bars = judgeBars({ small: bySize.get(1) ?? [], slow, streams, commits });
  printBars(bars);
  if (options.json === null) return;
  const figures = { about, options, bySize: Object.fromEntries(bySize), slow, commits, streams, memory, duties, bars };
  writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
}

const options = readOptions(process.argv.slice(2));
const about = {
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  node: process.version,
  cores: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  load: loadavg()[0]?.toFixed(2),
  at: new Date().toISOString(),
};
if (options !== null) {
  console.log(`commit ${about.commit}, Node ${about.node}, ${about.cores}, load ${about.load} before the start`);
  if (options.install) installPeers(options.cache, options.subjects);
  const upstream = await startScript('gateway/fast-upstream.ts', {});
  const subjects = await startSubjects(options, upstream.port);
  try {
    await runBench(options, upstream, subjects);
  } finally {
    for (const subject of subjects.toReversed()) await subject.stop();
    await stopChild(upstream.child);
  }
}
