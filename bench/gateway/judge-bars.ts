/** The bars of the design, judged on what was measured. A miss stays in the table. */
import type { Cell } from './measure-cells.ts';
import { STREAM, type StreamCell } from './measure-streams.ts';

export interface Results {
  /** The upstream answers at once, 1 KB. */
  readonly small: readonly Cell[];
  /** The upstream answers after 20 ms, 1 KB, 64 connections. */
  readonly slow: readonly Cell[];
  readonly streams: readonly StreamCell[];
  readonly commits: Commits | null;
}

export interface Commits {
  /** p99 of Polity on the slow upstream without its waits for the ledger, milliseconds; null when not told. */
  readonly withoutWaitsP99Ms: number | null;
  readonly waitP99Ms: number | null;
  readonly syncP99Ms: number;
}

export interface Judgement {
  readonly bar: string;
  readonly measured: string;
  readonly held: string;
}

const CPU_MOST = 1.5;
const PEERS = [
  { name: 'Portkey', least: 6.5, aim: 8 },
  { name: 'LiteLLM', least: 45, aim: 60 },
];
const ADDED_MOST_MS = 2;
export const BAR_CONNECTIONS = 64;
const BAR_STREAMS = 250;

const notMeasured = (bar: string): Judgement => ({ bar, measured: 'not measured', held: '–' });

export function judgeBars(results: Results): Judgement[] {
  return [judgeCpu(results), ...judgePeers(results), ...judgeAdded(results), judgeStreams(results)];
}

const find = (cells: readonly Cell[], name: string) =>
  cells.find(({ subject, connections }) => subject === name && connections === BAR_CONNECTIONS);

function judgeCpu({ small }: Results): Judgement {
  const bar = `CPU of the gateway process at most ${CPU_MOST} × bare, 1 KB, ${BAR_CONNECTIONS} connections`;
  const [bare, polity] = [find(small, 'bare')?.cpuMicros, find(small, 'Polity')?.cpuMicros];
  if (!bare || !polity) return notMeasured(bar);
  const ratio = polity / bare;
  return {
    bar,
    measured: `${ratio.toFixed(2)} × (${polity.toFixed(0)} / ${bare.toFixed(0)} µs)`,
    held: say(ratio <= CPU_MOST),
  };
}

/** By requests a second as they were, and by CPU, which a full second core cannot distort. */
function judgePeers({ small }: Results): Judgement[] {
  const polity = find(small, 'Polity');
  return PEERS.flatMap(({ name, least, aim }) => {
    const bars = [`at least ${least} × the throughput of ${name}`, `aim: ${aim} × the throughput of ${name}`] as const;
    const peer = find(small, name);
    if (!polity?.cpuMicros || !peer?.cpuMicros) return bars.map(notMeasured);
    const ratio = polity.requestsPerSecond / peer.requestsPerSecond;
    const byCpu = peer.cpuMicros / polity.cpuMicros;
    const measured = `${ratio.toFixed(1)} × (by CPU of the process ${byCpu.toFixed(1)} ×; Polity used ${percent(polity.busy)} of its core)`;
    return [
      { bar: bars[0], measured, held: say(ratio >= least) },
      { bar: bars[1], measured: `${ratio.toFixed(1)} ×`, held: say(ratio >= aim) },
    ];
  });
}

function judgeAdded({ slow, commits }: Results): Judgement[] {
  const bar = `added p99 under ${ADDED_MOST_MS} ms without the commits' wait, upstream of 20 ms, ${BAR_CONNECTIONS} connections`;
  const [direct, polity] = [find(slow, 'direct'), find(slow, 'Polity')];
  if (direct === undefined || polity === undefined || commits === null) return [notMeasured(bar)];
  const beside: Judgement = {
    bar: '  beside it: with the wait; the wait itself; fdatasync of 8 KB on that disk (p99 each)',
    measured: `${ms(polity.p99Ms - direct.p99Ms)}; ${ms(commits.waitP99Ms)}; ${ms(commits.syncP99Ms)}`,
    held: '–',
  };
  if (commits.withoutWaitsP99Ms === null) return [notMeasured(bar), beside];
  const added = commits.withoutWaitsP99Ms - direct.p99Ms;
  return [{ bar, measured: ms(added), held: say(added < ADDED_MOST_MS) }, beside];
}

/** Late is a chunk that comes when the next one is already due. */
function judgeStreams({ streams }: Results): Judgement {
  const bar = `${BAR_STREAMS} streams at 50 chunks/s without lateness (p99 under ${STREAM.everyMs} ms, all whole)`;
  const cell = streams.find(({ subject, streams: count }) => subject === 'Polity' && count === BAR_STREAMS);
  if (cell === undefined) return notMeasured(bar);
  const { lateMs, failed } = cell;
  const measured = `p50 ${ms(lateMs.p50)}, p99 ${ms(lateMs.p99)}, max ${ms(lateMs.max)}; ${failed} not whole`;
  return { bar, measured, held: say(failed === 0 && lateMs.p99 < STREAM.everyMs) };
}

const say = (isHeld: boolean) => (isHeld ? 'held' : 'MISSED');
const ms = (value: number | null) => (value === null ? 'not told' : `${value.toFixed(2)} ms`);
const percent = (share: number | null) => (share === null ? '–' : `${Math.round(share * 100)} %`);
