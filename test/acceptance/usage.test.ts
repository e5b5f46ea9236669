/** Usage: who used what, exact to the token, over a kill of the ledger; for a key, on the command line, in the console. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { priced } from '../quota-books.ts';
import { runCli } from '../run-cli.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

let upstream: TalkingUpstream;
let polity: RunningPolity;
let pilot: string;
const tenant = 'agency';

before(async () => {
  upstream = await startTalking();
  const edits = priced(servedBy(upstream.url));
  const { 'tenants.yaml': raise, 'backends.yaml': serve } = edits;
  const charter = await charterVariant({
    ...edits,
    'backends.yaml': (document) => {
      serve?.(document);
      document.setIn([0, 'energy'], document.createNode({ whPer1000Tokens: 100, source: 'a test' }));
    },
    'tenants.yaml': (document) => {
      raise?.(document);
      const at = (document.toJS() as { id: string }[]).findIndex(({ id }) => id === tenant);
      document.setIn(
        [at, 'projects'],
        document.createNode([{ id: 'chat-pilot', limits: { requestsPerDay: 25 } }, { id: 'second' }]),
      );
    },
  });
  polity = await startPolity({ charter });
  pilot = await makeKey('--project', 'chat-pilot');
});
after(async () => {
  await polity?.dispose();
  await upstream?.close();
});

async function makeKey(...words: string[]): Promise<string> {
  const all = ['keys', 'create', '--tenant', tenant, '--purpose', 'drafting,research', ...words];
  const { out, err } = await runCli(polity, ...all);
  const secret = /pk_\w+/.exec(out)?.[0];
  assert.ok(secret !== undefined, out + err);
  return secret;
}

async function ask(key: string, purpose = 'drafting', more: object = {}): Promise<number> {
  const response = await fetch(`${polity.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'x-polity-purpose': purpose },
    body: JSON.stringify({ model: 'auto', max_tokens: 10, messages: [{ role: 'user', content: 'Tere' }], ...more }),
  });
  await response.text();
  return response.status;
}

interface Row {
  readonly group: Record<string, string>;
  readonly requests: number;
  readonly failed: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly moneyMicros: number;
  readonly energyMicroWh: number;
}

async function usage(...words: string[]): Promise<Row[]> {
  const { code, out, err } = await runCli(polity, 'usage', '--format', 'json', '--every', 'all', ...words);
  assert.equal(code, 0, err);
  return JSON.parse(out) as Row[];
}

/** Entries are counted within a second of their leaf. */
async function until(isRight: (rows: Row[]) => boolean, ...words: string[]): Promise<Row[]> {
  for (let tries = 0; ; tries++) {
    const rows = await usage(...words);
    if (isRight(rows) || tries > 40) return rows;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const total = (rows: readonly Row[], count: keyof Omit<Row, 'group'>) => rows.reduce((sum, row) => sum + row[count], 0);

test('each request is counted once under its project, key, purpose, model and backend, though the ledger is killed meanwhile', async () => {
  const { out } = await runCli(polity, 'status', '--json');
  const ledger = (JSON.parse(out) as { processes: { role: string; pid: number }[] }).processes.find(
    ({ role }) => role === 'ledger',
  );
  const asked = Array.from({ length: 20 }, (_, at) => {
    if (at === 10) process.kill(ledger?.pid as number, 'SIGKILL');
    return ask(pilot, at % 2 === 0 ? 'drafting' : 'research');
  });
  assert.deepEqual(new Set(await Promise.all(asked)), new Set([200]));
  const rows = await until(
    (all) => total(all, 'requests') >= 20,
    ...['--by', 'tenant,project,key,purpose,model,backend', '--tenant', tenant],
  );
  const own = rows.filter(({ group }) => group.project === 'chat-pilot');
  assert.deepEqual(own.map(({ group, requests }) => [group.purpose, requests]).sort(), [
    ['drafting', 10],
    ['research', 10],
  ]);
  assert.deepEqual([total(own, 'tokensIn'), total(own, 'tokensOut')], [20 * 9, 20 * 4]);
  assert.equal(total(own, 'moneyMicros'), 20 * 13);
  assert.equal(total(own, 'energyMicroWh'), 20 * 1.3 * 1e6);
  assert.ok(own.every(({ group }) => group.backend === 'embedded' && group.model === 'smollm2-135m-instruct'));
  assert.ok(own.every(({ group }) => /^key_/.test(group.key ?? '')));
});

test("a key sees its own usage and limits, by day as OpenAI's organisations do, and nobody else's", async () => {
  await until((all) => total(all, 'requests') >= 20, '--by', 'project');
  const other = await makeKey();
  const read = async (key: string, query = '') => {
    const response = await fetch(`${polity.url}/v1/usage${query}`, { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const { body } = await read(pilot, '?group_by=purpose&group_by=model');
  const [bucket] = body.data as { results: { input_tokens: number; purpose: string; project?: string }[] }[];
  assert.deepEqual(
    bucket?.results.map(({ purpose, input_tokens }) => [purpose, input_tokens]),
    [
      ['drafting', 90],
      ['research', 90],
    ],
  );
  const limits = body.limits as { owner: string; kind: string; used: number; left: number }[];
  const [ofProject] = limits.filter(({ owner }) => owner === 'project:agency/chat-pilot');
  assert.deepEqual([ofProject?.kind, ofProject?.used, ofProject?.left], ['requestsPerDay', 20, 5]);
  assert.deepEqual((await read(other)).body.data, []);
  assert.equal((await read('pk_wrong')).status, 401);
  for (const unknown of ['models', 'project_ids', 'bucket_width', 'limit']) {
    const asked = await read(pilot, `?${unknown}=1h`);
    assert.deepEqual(
      [asked.status, (asked.body.error as { param: string }).param],
      [400, unknown],
      'a sum of all would be taken for a part',
    );
  }
  assert.equal((await read(pilot, '?bucket_width=1d&group_by[]=model')).status, 200);
  const wrong = await read(pilot, '?start_time=yesterday');
  assert.deepEqual([wrong.status, (wrong.body.error as { param: string }).param], [400, 'start_time']);
});

test('the budget of a project ends its requests and names it; a project that the charter does not list is refused', async () => {
  const statuses = [];
  for (let time = 0; time < 6; time++) statuses.push(await ask(pilot));
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 402]);
  const all = ['keys', 'create', '--tenant', tenant, '--purpose', 'drafting', '--project', 'chat-pilt'];
  const { code, err } = await runCli(polity, ...all);
  assert.equal(code, 1);
  assert.match(err, /no project `chat-pilt`; did you mean `chat-pilot`/);
});

test('exports are a CSV for a spreadsheet and a FOCUS file whose costs sum to what was spent', async () => {
  await until((all) => total(all, 'requests') >= 25, '--by', 'project');
  const csv = (await runCli(polity, 'usage', '--format', 'csv', '--by', 'project', '--every', 'all')).out;
  assert.match(csv, /^project,requests,retries,refused,failed,tokens_in,tokens_out,counted_by_us,money,currency/);
  const focus = (await runCli(polity, 'usage', '--format', 'focus')).out.trim().split('\n');
  const header = focus[0]?.split(',') ?? [];
  for (const name of ['BilledCost', 'ChargePeriodStart', 'PricingQuantity', 'SubAccountId', 'Tags'])
    assert.ok(header.includes(name), name);
  const cost = focus.slice(1).reduce((sum, line) => sum + Number(line.split(',')[0]), 0);
  const spent = total(await usage('--by', 'tenant'), 'moneyMicros');
  assert.equal(Math.round(cost * 1e6), spent);
});

test('what makes no sense is refused in words', async () => {
  const refused: [string[], RegExp][] = [
    [['--from', '2026-02-31'], /takes a day \(UTC\)/],
    [['--from', '2026-11-02', '--to', '2026-11-01'], /is after `to`/],
    [['--by', 'person'], /takes tenant, project, key/],
    [['--format', 'xml'], /takes `table`, `csv`, `focus` or `json`/],
  ];
  for (const [words, reason] of refused) {
    const { code, err } = await runCli(polity, 'usage', ...words);
    assert.equal(code, 1, words.join(' '));
    assert.match(err, reason);
  }
});
