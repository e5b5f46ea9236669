/** A running installation with every kind of visitor, and what belongs to one of them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type RunningPolity, root, startPolity } from '../start-polity.ts';

/** `owner` is the guest whose conversation is asked for, `other` another guest; both have no account. */
export const visitorNames = ['nobody', 'key', 'other', 'owner', 'auditor', 'operator', 'administrator'] as const;
export type Visitor = (typeof visitorNames)[number];

type Headers = Readonly<Record<string, string>>;

/** Word of the owner's question and of the words of the case. */
export const CANARY = 'kanaarilind';
const QUESTION = `${CANARY}: kuidas registreerida lapse sündi? <img src=x onerror=alert(1)>`;

export interface Visitors {
  readonly polity: RunningPolity;
  /** Ids for `{conversation}`, `{turn}`, `{receipt}`, `{key}`, and `{size}` of the governance log. */
  readonly ids: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<Visitor, Headers>>;
  /** `GET /path/{turn}`; unsafe methods come from the own origin with JSON unless `headers` say otherwise. */
  send(line: string, headers: Headers, body?: unknown): Promise<Response>;
  signIn(role: string, more?: Headers): Promise<Headers>;
}

export async function openVisitors(): Promise<Visitors> {
  const polity = await startPolity();
  const ids: Record<string, string> = {};
  const send: Visitors['send'] = (line, headers, body) => {
    const [method = 'GET', path = '/'] = line.split(' ');
    const url = polity.url + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? name);
    if (method === 'GET') return fetch(url, { redirect: 'manual', headers });
    const own = { 'content-type': 'application/json', origin: polity.url };
    return fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...own, ...headers },
      body: JSON.stringify(body ?? {}),
    });
  };
  const signIn: Visitors['signIn'] = async (role, more = {}) => {
    const { url } = runCommand(polity, ['admin', 'link', '--role', role, '--json']);
    const token = new URL(url ?? '').hash.replace('#admin=', '');
    return cookieOf(await send('POST /api/session', more, { token }));
  };
  const [owner, other] = [cookieOf(await send('POST /api/guest', {})), cookieOf(await send('POST /api/guest', {}))];
  const asked = { question: QUESTION, mode: 'quoted', language: 'et' };
  const turn = (await (await send('POST /api/conversations', owner, asked)).json()) as Record<string, string>;
  await send('POST /api/conversations', other, { ...asked, question: 'Kuidas vahetada perearsti?' });
  Object.assign(ids, { conversation: turn.conversation, turn: turn.id });
  ids.receipt = await waitReceipt(() => send('GET /api/conversations/{conversation}', owner));
  await send('POST /api/turns/{turn}/contest', owner, { reason: 'untrue', words: CANARY });
  const made = runCommand(polity, ['keys', 'create', '--tenant', 'school', '--purpose', 'education', '--json']);
  ids.key = made.id ?? '';
  ids.size = (await (await send('GET /log/governance-2026h2/checkpoint', {})).text()).split('\n')[1] ?? '';
  const headers = {
    nobody: {},
    key: { authorization: `Bearer ${polity.apiKey}` },
    other,
    owner,
    auditor: await signIn('auditor'),
    operator: await signIn('operator'),
    administrator: await signIn('administrator'),
  };
  return { polity, ids, headers, send, signIn };
}

/** Name and value of the first cookie that is set, as a browser sends it back. */
export function cookieOf(response: Response): Headers {
  return { cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
}

function runCommand(polity: RunningPolity, words: readonly string[]): Record<string, string> {
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'src/main.ts'), 'cli', ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, POLITY_DATA: polity.data },
  });
  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout) as Record<string, string>;
}

/** Of the only turn, once the answer is whole and its entry is in the record. */
async function waitReceipt(read: () => Promise<Response>): Promise<string> {
  for (let round = 0; round < 200; round += 1) {
    const view = (await (await read()).json()) as { turns: { state: string; receiptId: string }[] };
    if (view.turns[0]?.state === 'complete') return view.turns[0].receiptId;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the answer was not whole within twenty seconds');
}
