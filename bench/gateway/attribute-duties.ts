/** What each duty of the path costs, from a CPU profile: nothing is added to the code that is measured. */

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** By the code that asked for the work: what Node and its libraries do for it counts as its own. The first that fits. */
const duties: readonly (readonly [RegExp, string])[] = [
  [/^(src\/identity|src\/store\/identity|src\/gateway\/.*(identify|find-key))/, 'key: who asks'],
  [/^(src\/safety|src\/gateway\/.*classify)/, 'detectors: what class the data is'],
  [/^(src\/policy|src\/gateway\/.*decide)/, 'policy: where it may go'],
  [
    /^(src\/programmes|src\/store\/programmes|src\/gateway\/.*(prepare|price|rate-|reserve|admi))/,
    'budget: reserve, settle',
  ],
  [
    /^(src\/ledger|src\/store|src\/gateway\/.*(record|draft|statement)|pg|postgres)/,
    'audit: intent, outcome, statement',
  ],
  [/^(src\/gateway\/.*(dialect|read-|sse|screen)|zod|src\/kit)/, 'dialect: reading request and answer'],
  [/^(src\/inference|src\/gateway\/.*(call|upstream|flow|route)|undici)/, 'call of the upstream'],
  [/telemetry|request-log|speed|^(prom-client|@opentelemetry)/, 'log and metrics'],
  [/^src\/gateway/, 'path: what joins the steps'],
  [/^(src\/api|fastify|find-my-way|avvio|node:_http|node:http)/, 'HTTP with the client'],
  [/^\(garbage collector\)/, 'garbage collection'],
  [/^\(program\)/, 'outside JavaScript: kernel, event loop, parser'],
];

export interface Cost {
  readonly name: string;
  /** Of the time in which the process did anything. */
  readonly share: number;
}

export interface Attribution {
  readonly duties: readonly Cost[];
  /** By file or package of the code that asked. */
  readonly places: readonly Cost[];
  /** By function, its own time alone. */
  readonly functions: readonly Cost[];
}

export function attributeDuties(profile: CpuProfile): Attribution {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])));
  const places = new Map<number, string>();
  const byDuty = new Map<string, number>();
  const byPlace = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let busy = 0;
  for (const [position, id] of (profile.samples ?? []).entries()) {
    const node = nodes.get(id);
    if (node === undefined || node.callFrame.functionName === '(idle)') continue;
    const micros = Math.max(0, profile.timeDeltas?.[position] ?? 0);
    let place = places.get(id);
    if (place === undefined) {
      place = ownerOf(id, nodes, parents);
      places.set(id, place);
    }
    busy += micros;
    const fits = (pattern: RegExp) => pattern.test(place);
    add(byDuty, duties.find(([pattern]) => fits(pattern))?.[1] ?? 'Node itself: sockets, timers, promises', micros);
    add(byPlace, place, micros);
    add(byFunction, describeFunction(node, place), micros);
  }
  return { duties: shares(byDuty, busy), places: shares(byPlace, busy), functions: shares(byFunction, busy) };
}

/** The nearest file of ours, package or HTTP module of Node up the stack; else the outermost word that is known. */
function ownerOf(
  leaf: number,
  nodes: ReadonlyMap<number, ProfileNode>,
  parents: ReadonlyMap<number, number | undefined>,
): string {
  let last = '';
  for (let id: number | undefined = leaf; id !== undefined; id = parents.get(id)) {
    const frame = nodes.get(id)?.callFrame;
    if (frame === undefined) break;
    const place = placeOf(frame.url);
    if (place !== null && !place.startsWith('node:')) return place;
    if (place?.startsWith('node:_http')) return place;
    last ||= place ?? (frame.functionName.startsWith('(') ? frame.functionName : '');
  }
  return last || 'node:';
}

/** `src/kit/ids.ts`, `undici`, `node:net`; null for what is native. */
function placeOf(url: string): string | null {
  const ours = /\/(src\/[^?]+)$/.exec(url)?.[1];
  const packaged = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1];
  if (packaged !== undefined) return packaged;
  if (ours !== undefined) return ours;
  return url.startsWith('node:') ? url : null;
}

function describeFunction({ callFrame }: ProfileNode, owner: string): string {
  const { functionName, url, lineNumber } = callFrame;
  const name = functionName || '(anonymous)';
  const place = placeOf(url);
  return place === null ? `${name} for ${owner}` : `${name} ${place}:${lineNumber + 1}`;
}

function add(sums: Map<string, number>, name: string, micros: number): void {
  sums.set(name, (sums.get(name) ?? 0) + micros);
}

function shares(sums: ReadonlyMap<string, number>, busy: number): Cost[] {
  const all = [...sums].map(([name, micros]) => ({ name, share: micros / busy }));
  return all.sort((a, b) => b.share - a.share);
}
