/** What the clients of a soak do, and what each must get for it. */

export type Dialect = 'chat' | 'messages' | 'responses';
export type Key = 'right' | 'wrong' | 'poor' | 'hasty';

/** How a client behaves once it has asked. */
export type Conduct =
  | { readonly kind: 'reads' }
  /** Goes away after so long, milliseconds. */
  | { readonly kind: 'leaves'; readonly afterMs: number }
  /** Goes away after so many bytes of the answer. */
  | { readonly kind: 'leaves-reading'; readonly afterBytes: number }
  /** Takes the beginning and nothing more. */
  | { readonly kind: 'stops-reading' }
  /** Sends half of its body and goes away. */
  | { readonly kind: 'half-sent' };

export interface Plan {
  readonly name: string;
  readonly path: string;
  readonly body: Buffer;
  readonly key: Key;
  readonly conduct: Conduct;
  readonly stream: boolean;
  /** Any of them is right. `left`: the client went before there was a status. */
  readonly statuses: readonly (number | 'left')[];
  /** Of a stream under 200. */
  readonly ends: readonly StreamEnd[];
}

export type StreamEnd = 'whole' | 'error' | 'torn';

type Random = () => number;
const paths = { chat: '/v1/chat/completions', messages: '/v1/messages', responses: '/v1/responses' };

interface Asked {
  readonly dialect: Dialect;
  readonly stream: boolean;
  readonly deed: string;
  /** Kilobytes of prompt beside the deed. */
  readonly kilobytes?: number;
}

function bodyOf({ dialect, stream, deed, kilobytes = 0 }: Asked): Buffer {
  const content = `soak:${deed} ${'Kuidas registreerida lapse sündi? '.repeat(Math.ceil(kilobytes * 29))}`;
  const most = dialect === 'responses' ? { max_output_tokens: 64 } : { max_tokens: 64 };
  const said = dialect === 'responses' ? { input: content, store: false } : { messages: [{ role: 'user', content }] };
  return Buffer.from(JSON.stringify({ model: 'auto', ...most, ...said, stream }));
}

interface Kind {
  readonly name: string;
  /** Of all requests; relative. */
  readonly weight: number;
  plan(random: Random): Omit<Plan, 'name'>;
}

type More = Partial<Omit<Plan, 'name' | 'path' | 'body' | 'stream'>>;

function planOf(asked: Asked, more: More = {}): Omit<Plan, 'name'> {
  return {
    path: paths[asked.dialect],
    body: bodyOf(asked),
    stream: asked.stream,
    key: 'right',
    conduct: { kind: 'reads' },
    statuses: [200],
    ends: ['whole'],
    ...more,
  };
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
const between = (random: Random, low: number, high: number) => Math.round(low + random() * (high - low));
const anyDialect = (random: Random) => pick(random, ['chat', 'chat', 'chat', 'messages', 'responses'] as const);
const sizes = [0, 0, 0, 1, 4, 16, 64];

/** Deeds of the upstream that are no answer, and what the client is to be told. */
const faults: readonly (readonly [deed: string, statuses: readonly number[], stream: 'never' | 'maybe'])[] = [
  ['reset:1', [502], 'maybe'],
  ['status:500', [500, 502], 'maybe'],
  ['status:401', [502], 'maybe'],
  ['busy:1', [429], 'maybe'],
  ['filter:1', [400], 'maybe'],
  ['html:1', [502], 'maybe'],
  ['redirect:1', [502], 'maybe'],
  ['empty:1', [502], 'maybe'],
  ['garbage:1', [502], 'never'],
  ['cut:1', [502], 'never'],
];

const kinds: readonly Kind[] = [
  {
    name: 'plain',
    weight: 40,
    plan: (random) =>
      planOf({
        dialect: anyDialect(random),
        stream: false,
        deed: `answer:${between(random, 1, 60)}`,
        kilobytes: pick(random, sizes),
      }),
  },
  {
    name: 'stream',
    weight: 20,
    plan: (random) =>
      planOf({
        dialect: anyDialect(random),
        stream: true,
        deed: `answer:${between(random, 2, 120)}`,
        kilobytes: pick(random, sizes),
      }),
  },
  {
    name: 'slow first token',
    weight: 4,
    plan: (random) =>
      planOf({ dialect: anyDialect(random), stream: random() < 0.6, deed: `slow:${between(random, 300, 4_000)}` }),
  },
  {
    name: 'leaves before the answer',
    weight: 4,
    plan: (random) =>
      planOf(
        { dialect: anyDialect(random), stream: random() < 0.5, deed: pick(random, ['hang:1', 'slow:3000']) },
        { conduct: { kind: 'leaves', afterMs: between(random, 1, 400) }, statuses: ['left'] },
      ),
  },
  {
    name: 'leaves in the stream',
    weight: 5,
    plan: (random) =>
      planOf(
        { dialect: anyDialect(random), stream: true, deed: 'answer:200' },
        { conduct: { kind: 'leaves-reading', afterBytes: between(random, 1, 6_000) }, ends: ['torn'] },
      ),
  },
  {
    name: 'stops reading',
    weight: 0.15,
    plan: () =>
      planOf(
        { dialect: 'chat', stream: true, deed: 'pour:1' },
        { conduct: { kind: 'stops-reading' }, ends: ['torn', 'error'] },
      ),
  },
  {
    name: 'half-sent body',
    weight: 2,
    plan: (random) =>
      planOf(
        { dialect: anyDialect(random), stream: false, deed: 'answer:1', kilobytes: pick(random, sizes) },
        { conduct: { kind: 'half-sent' }, statuses: ['left'] },
      ),
  },
  {
    name: 'faulty upstream',
    weight: 8,
    plan(random) {
      const [deed, statuses, streams] = pick(random, faults);
      return planOf({ dialect: anyDialect(random), stream: streams === 'maybe' && random() < 0.5, deed }, { statuses });
    },
  },
  {
    // It rests for a second then, and what comes meanwhile is refused: rare, or nothing else would be measured.
    name: 'overloaded upstream',
    weight: 0.05,
    plan: (random) =>
      planOf({ dialect: anyDialect(random), stream: false, deed: 'status:529' }, { statuses: [529, 503] }),
  },
  {
    name: 'cut stream',
    weight: 2,
    plan: (random) =>
      planOf(
        { dialect: anyDialect(random), stream: true, deed: `cut:${between(random, 0, 40)}` },
        { ends: ['error', 'torn'] },
      ),
  },
  {
    name: 'wrong usage',
    weight: 2,
    plan: (random) => planOf({ dialect: anyDialect(random), stream: false, deed: 'usage:1' }),
  },
  {
    name: 'broken JSON',
    weight: 2,
    plan: () => ({ ...planOf(hello, { statuses: [400] }), body: Buffer.from('{"a"') }),
  },
  {
    name: 'a key twice',
    weight: 1,
    plan: () => ({
      ...planOf(hello, { statuses: [400] }),
      body: Buffer.from('{"model":"auto","Model":"x","messages":[]}'),
    }),
  },
  {
    name: 'unknown model',
    weight: 1,
    plan: () => ({
      ...planOf(hello, { statuses: [404] }),
      body: Buffer.from('{"model":"nobody","messages":[{"role":"user","content":"a"}]}'),
    }),
  },
  { name: 'wrong key', weight: 2, plan: () => planOf(hello, { key: 'wrong', statuses: [401] }) },
  { name: 'over budget', weight: 2, plan: () => planOf(hello, { key: 'poor', statuses: [402] }) },
  { name: 'over rate', weight: 2, plan: () => planOf(hello, { key: 'hasty', statuses: [200, 429] }) },
];

const hello: Asked = { dialect: 'chat', stream: false, deed: 'answer:2' };
const weightAll = kinds.reduce((sum, { weight }) => sum + weight, 0);

export const kindNames = kinds.map(({ name }) => name);

export function drawPlan(random: Random): Plan {
  let left = random() * weightAll;
  for (const kind of kinds) {
    left -= kind.weight;
    if (left <= 0) return { name: kind.name, ...kind.plan(random) };
  }
  return drawPlan(random);
}
