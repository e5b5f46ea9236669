/**
 * The claim: nothing is leaked. A whole Polity for half an hour under a mix of what clients and upstreams do, then its
 * memory, its budgets, its records and its log. `npm run bench:soak -- --help`
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { charterVariant, servedBy } from '../test/charter-variant.ts';
import { priced } from '../test/quota-books.ts';
import { runCli } from '../test/run-cli.ts';
import { type RunningPolity, startPolity, stopChild } from '../test/start-polity.ts';
import { processTree } from './gateway/process-cpu.ts';
import { memoryOf } from './gateway/process-memory.ts';
import { startScript } from './gateway/start-parts.ts';
import { findGateways, roleOf } from './gateway/start-subjects.ts';
import { type Books, checkBooks } from './soak/check-books.ts';
import { readOptions, type SoakOptions } from './soak/options.ts';
import { drawPlan } from './soak/plans.ts';
import { seededRandom } from './soak/random.ts';
import { closeConnections, runPlan, type Target } from './soak/run-plan.ts';
import { RESTING_SHARE_MAX, Tally } from './soak/tally.ts';
import { descriptorsOf, MemoryWatch, type Trend, type Watched } from './soak/watch-memory.ts';

/** Between two requests of one client, milliseconds: the machine is busy, not drowned. */
const THINK_MS = 60;
const REPORT_MS = 60_000;
/** The last slow readers are let go after 30 s, kept connections are closed after a few more. */
const QUIET_MS = 45_000;
/** A pool or two may be larger than at the start. */
const DESCRIPTORS_MORE_MAX = 12;

async function makeKey(polity: RunningPolity, ...limits: string[]): Promise<string> {
  const { out, err } = await runCli(
    polity,
    ...['keys', 'create', '--tenant', 'agency', '--purpose', 'drafting', '--json', ...limits],
  );
  const secret = /pk_[0-9A-Za-z]+/.exec(out)?.[0];
  if (secret === undefined) throw new Error(`no key: ${out}${err}`);
  return secret;
}

async function openTarget(polity: RunningPolity): Promise<Target> {
  const right = polity.apiKey;
  return {
    port: polity.port,
    secrets: {
      right,
      wrong: `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}`,
      poor: await makeKey(polity, '--money-per-month', '0.000001'),
      hasty: await makeKey(polity, '--requests-per-minute', '20'),
    },
  };
}

function processesOf(polity: RunningPolity): Watched[] {
  const named = processTree(polity.child.pid as number).map((pid) => ({ name: roleOf(pid), pid }));
  const roles = named.filter(({ name }) => name !== '');
  return roles.map(({ name, pid }) => {
    const brothers = roles.filter((other) => other.name === name);
    return { name: brothers.length > 1 ? `${name} ${brothers.findIndex((one) => one.pid === pid) + 1}` : name, pid };
  });
}

interface Run {
  readonly polity: RunningPolity;
  readonly target: Target;
  readonly options: SoakOptions;
}

async function soak({ polity, target, options }: Run): Promise<{ tally: Tally; trends: readonly Trend[] }> {
  const random = seededRandom(options.seed);
  const tally = new Tally();
  const watched = processesOf(polity);
  const startedMs = performance.now();
  const warmMs = options.warmMinutes * 60_000;
  const stopMs = startedMs + warmMs + options.minutes * 60_000;
  const report = setInterval(() => {
    const minutes = ((performance.now() - startedMs) / 60_000).toFixed(0);
    const memory = watched.map(({ name, pid }) => `${name} ${memoryOf(pid).own.toFixed(0)} MB`).join(', ');
    console.log(
      `${minutes} min: ${tally.requests} requests, ${tally.wrong} wrong, ${tally.resting} resting; ${memory}`,
    );
  }, REPORT_MS);
  const client = async () => {
    while (performance.now() < stopMs) {
      const plan = drawPlan(random);
      tally.take(plan, await runPlan(plan, target));
      await delay(random() * 2 * THINK_MS);
    }
  };
  const load = Promise.all(Array.from({ length: options.clients }, client));
  await delay(warmMs);
  const watch = new MemoryWatch(() => watched);
  await load;
  clearInterval(report);
  return { tally, trends: watch.stop() };
}

interface Finding {
  readonly claim: string;
  readonly measured: string;
  readonly holds: boolean;
}

interface Facts {
  readonly tally: Tally;
  readonly trends: readonly Trend[];
  readonly books: Books;
  readonly descriptors: readonly { readonly before: number; readonly after: number }[];
  readonly verified: { readonly code: number | null; readonly out: string };
  readonly faults: string;
}

function judge({ tally, trends, books, descriptors, verified, faults }: Facts): Finding[] {
  const { intents, pending, decisions, logSize, strays, leak } = books;
  return [
    {
      claim: 'every request ends as it must',
      measured: `${tally.wrong} of ${tally.requests} did not`,
      holds: tally.wrong === 0,
    },
    {
      claim: 'a backend rests for few requests',
      measured: `${tally.resting} of ${tally.requests}`,
      holds: tally.resting <= tally.requests * RESTING_SHARE_MAX,
    },
    ...trends.map(({ name, slope, low, high, startMb, endMb, isFlat }) => ({
      claim: `memory of ${name} is flat`,
      measured: `${startMb.toFixed(0)} to ${endMb.toFixed(0)} MB, ${slope.toFixed(1)} MB/h (95 %: ${low.toFixed(1)} to ${high.toFixed(1)})`,
      holds: isFlat,
    })),
    {
      claim: 'files and sockets of the gateways are given back',
      measured: descriptors.map(({ before, after }) => `${before} to ${after}`).join(', '),
      holds: descriptors.every(({ before, after }) => after <= before + DESCRIPTORS_MORE_MAX),
    },
    { claim: 'no reservation is leaked: signed is charged', measured: leak ?? 'even', holds: leak === null },
    { claim: 'no intent is open', measured: `${intents} open, ${pending} pending`, holds: intents + pending === 0 },
    {
      claim: 'one leaf for each decision',
      measured: `${decisions} signed decisions, ${logSize} in the log`,
      holds: decisions === logSize,
    },
    {
      claim: 'each receipt that was given has its leaf',
      measured: `${strays} of ${tally.receipts.size} have none`,
      holds: strays === 0,
    },
    { claim: 'the log verifies from outside', measured: verified.out, holds: verified.code === 0 },
    { claim: 'no process died or reported a fault', measured: faults === '' ? 'none' : faults, holds: faults === '' },
  ];
}

/** Lines on standard error that are no wide event and none of the start. */
function faultsIn(lines: string): string {
  const odd = lines
    .split('\n')
    .filter((line) => /died|restarted|uncaught|unhandled|ledger:|ended with/i.test(line) && !line.startsWith('{'));
  return odd.slice(0, 5).join(' | ');
}

async function run(options: SoakOptions): Promise<boolean> {
  const upstream = await startScript('soak/mixed-upstream.ts', {});
  const charter = await charterVariant(priced(servedBy(`http://127.0.0.1:${upstream.port}/v1`)));
  const polity = await startPolity({
    charter,
    words: options.workers > 1 ? ['--workers', String(options.workers)] : [],
  });
  try {
    const target = await openTarget(polity);
    const gateways = findGateways(polity.child.pid as number);
    const before = gateways.map(descriptorsOf);
    const { tally, trends } = await soak({ polity, target, options });
    console.log('the load has ended; waiting for the last slow readers');
    closeConnections();
    await delay(QUIET_MS);
    const after = gateways.map(descriptorsOf);
    const books = await checkBooks(polity.data, tally.receipts);
    const verify = await runCli(polity, 'verify', '--log', 'decisions', '--url', polity.url);
    const findings = judge({
      tally,
      trends,
      books,
      descriptors: before.map((count, at) => ({ before: count, after: after[at] ?? 0 })),
      verified: { code: verify.code, out: (verify.out || verify.err).trim().split('\n').at(-1) ?? '' },
      faults: faultsIn(polity.errors()),
    });
    console.table(tally.lines());
    console.log(`${books.unfinished} decisions ended unfinished: their clients had left.`);
    for (const example of tally.examples) console.log(`  ${example}`);
    console.table(findings);
    if (options.json !== null)
      writeFileSync(
        options.json,
        `${JSON.stringify({ options, lines: tally.lines(), trends, books, findings }, null, 2)}\n`,
      );
    return findings.every(({ holds }) => holds);
  } finally {
    await polity.dispose();
    await stopChild(upstream.child);
  }
}

const options = readOptions(process.argv.slice(2));
if (options !== null) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  console.log(
    `commit ${commit}, Node ${process.version}, ${options.warmMinutes} + ${options.minutes} min, ${options.workers} gateway(s), seed ${options.seed}`,
  );
  process.exitCode = (await run(options)) ? 0 : 1;
}
