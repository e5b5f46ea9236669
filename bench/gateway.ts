/**
 * The claim: what governance costs. The whole path (key, policy, budget, durable audit) against a bare node:http and
 * undici forwarder, interleaved in one run, on one core, over a loopback upstream. `npm run bench:gateway`
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { charterVariant, servedBy } from '../test/charter-variant.ts';
import { startPolity, stopChild } from '../test/start-polity.ts';
import { quantile, runSlice, type Slice, type Target } from './gateway/load.ts';
import { cpuMicros, pin, processTree } from './gateway/process-cpu.ts';
import { type Part, startScript } from './gateway/start-parts.ts';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SLICE_SECONDS = 3;
/** The path's code is broad: its user time still falls after 20,000 requests. The forwarder's does after 2,000. */
const WARM_UP_SECONDS = 10;
const CONNECTIONS = [1, 16, 64];
/** About 1 KB, as in the measurements that the bars come from. */
const body = Buffer.from(
  JSON.stringify({
    model: 'auto',
    max_tokens: 160,
    messages: [{ role: 'user', content: 'Which ministry prepares the law on public information? '.repeat(17) }],
  }),
);

interface Subject {
  readonly name: string;
  readonly target: Target;
  /** The process that stands in the request's way. */
  readonly pid: number;
  /** Everything that belongs to it. */
  readonly root: number;
}

/** The gateway process is the one of the tree that listens: the supervisor names it in its title. */
function findGateway(root: number): number {
  const found = processTree(root).find((pid) => {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return line.includes('gateway') && !line.includes('bench/gateway');
  });
  if (found === undefined) throw new Error('no gateway process in the tree');
  return found;
}

interface Cell {
  readonly cpuMicros: number;
  readonly treeMicros: number;
  readonly slice: Slice;
}

async function measure(subject: Subject, connections: number): Promise<Cell> {
  const tree = processTree(subject.root);
  const before = cpuMicros(subject.pid);
  const treeBefore = new Map(tree.map((pid) => [pid, cpuMicros(pid)]));
  const slice = await runSlice(subject.target, connections, SLICE_SECONDS);
  const used = cpuMicros(subject.pid) - before;
  // The database's short-lived helpers that ended meanwhile are left out.
  const treeUsed = tree.reduce((sum, pid) => sum + Math.max(0, cpuMicros(pid) - (treeBefore.get(pid) ?? 0)), 0);
  return { cpuMicros: used / slice.requests, treeMicros: treeUsed / slice.requests, slice };
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return quantile(sorted, 0.5);
}

function report(name: string, cells: readonly Cell[]): Record<string, string | number> {
  const failures = cells.reduce((sum, cell) => sum + cell.slice.failures, 0);
  return {
    subject: name,
    'requests/s': Math.round(median(cells.map((cell) => cell.slice.requests / cell.slice.seconds))),
    'CPU µs/request': Math.round(median(cells.map((cell) => cell.cpuMicros))),
    'CPU µs/request, whole system': Math.round(median(cells.map((cell) => cell.treeMicros))),
    'p50 ms': median(cells.map((cell) => quantile(cell.slice.latencies, 0.5))).toFixed(2),
    'p99 ms': median(cells.map((cell) => quantile(cell.slice.latencies, 0.99))).toFixed(2),
    failures,
  };
}

async function compare(subjects: readonly Subject[], connections: number): Promise<void> {
  const cells = new Map<string, Cell[]>(subjects.map(({ name }) => [name, []]));
  for (const subject of subjects) await runSlice(subject.target, connections, WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of subjects) cells.get(subject.name)?.push(await measure(subject, connections));
  }
  console.log(
    `\n${connections} connection${connections === 1 ? '' : 's'}, 1 KB, ${ROUNDS} interleaved rounds of ${SLICE_SECONDS} s`,
  );
  console.table(subjects.map(({ name }) => report(name, cells.get(name) ?? [])));
  const cpu = (name: string) => median((cells.get(name) ?? []).map((cell) => cell.cpuMicros));
  const [bare, polity] = subjects.map(({ name }) => cpu(name));
  if (bare !== undefined && polity !== undefined)
    console.log(`CPU ratio of the gateway process: ${(polity / bare).toFixed(2)}`);
}

async function compareAll(label: string, delayMs: number): Promise<void> {
  const parts: Part[] = [];
  const core = cpus().length > 1 ? 0 : null;
  try {
    const upstream = await startScript('mock-upstream.ts', { DELAY_MS: String(delayMs) });
    const bare = await startScript('bare-forwarder.ts', { UPSTREAM_PORT: String(upstream.port) });
    const polity = await startPolity({
      charter: await charterVariant(servedBy(`http://127.0.0.1:${upstream.port}/v1`)),
    });
    parts.push(upstream, bare, polity);
    const pidOf = (part: Part) => part.child.pid as number;
    const subjects: Subject[] = [
      {
        name: 'bare forwarder',
        target: { port: bare.port, apiKey: 'none', body },
        pid: pidOf(bare),
        root: pidOf(bare),
      },
      {
        name: 'Polity',
        target: { port: polity.port, apiKey: polity.apiKey, body },
        pid: findGateway(pidOf(polity)),
        root: pidOf(polity),
      },
    ];
    if (core !== null) {
      for (const pid of [process.pid, pidOf(upstream), ...processTree(pidOf(polity))]) pin(pid, 1);
      for (const { pid } of subjects) pin(pid, core);
    }
    console.log(`\n== ${label}`);
    for (const connections of CONNECTIONS) await compare(subjects, connections);
    await polity.dispose();
  } finally {
    for (const part of parts.reverse()) await stopChild(part.child);
  }
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
console.log(
  `commit ${commit}, Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(2)}`,
);
await compareAll('upstream answers at once', 0);
await compareAll('upstream answers after 20 ms', 20);
