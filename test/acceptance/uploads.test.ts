/** Uploads that break off, stall, leave or contradict themselves: each is answered, nothing of it stays, nothing ends. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { charterVariant, servedImpatiently } from '../charter-variant.ts';
import { databaseOf } from '../quota-books.ts';
import { sendRaw, statusesOf } from '../raw-http.ts';
import { gatewaysOf } from '../run-cli.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { startTalking, type TalkingUpstream } from '../talking-upstream.ts';

/** Half of it is for one key, and an upload holds two million. */
const HELD_BYTES_MAX = 50_000_000;

let upstream: TalkingUpstream;
let polity: RunningPolity;
let pool: pg.Pool;
let pid: number | null | undefined;

before(async () => {
  upstream = await startTalking();
  const edits = servedImpatiently(upstream.url);
  const bounded: typeof edits = {
    ...edits,
    'charter.yaml': (document) => {
      edits['charter.yaml']?.(document);
      document.setIn(['bounds', 'heldBytesMax'], HELD_BYTES_MAX);
    },
  };
  polity = await startPolity({ charter: await charterVariant(bounded) });
  pool = new pg.Pool({ connectionString: databaseOf(polity.data) });
  pid = (await gatewaysOf(polity))[0]?.pid;
});
after(async () => {
  await pool?.end();
  await polity?.dispose();
  await upstream?.close();
});

const part = (name: string, text: string, file = '') =>
  `--b\r\ncontent-disposition: form-data; name="${name}"${file && `; filename="${file}"`}\r\n\r\n${text}\r\n`;
const END = '--b--\r\n';
const FORM = `${part('purpose', 'user_data')}${part('file', 'Tere, maailm!', 'a.txt')}${END}`;

interface Sending {
  readonly bytes: string;
  /** As its head says. */
  readonly length?: number;
  readonly more?: string;
  /** Leaves after so long. */
  readonly leaveMs?: number;
}

/** The answer as text, once the connection is closed or an answer is whole. */
function send({ bytes, length = bytes.length, more = '', leaveMs }: Sending): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(polity.port, '127.0.0.1');
    let text = '';
    const timer = leaveMs === undefined ? undefined : setTimeout(() => socket.destroy(), leaveMs);
    socket.setTimeout(15_000, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (/\r\n\r\n.*\}$/s.test(text)) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
    socket.write(
      `POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${polity.apiKey}\r\n` +
        `content-type: multipart/form-data; boundary=b\r\n${more}content-length: ${length}\r\n\r\n${bytes}`,
    );
  });
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

async function rows(): Promise<number> {
  const { rows: found } = await pool.query<{ count: string }>(
    'SELECT (SELECT count(*) FROM vault_file) + (SELECT count(*) FROM vault_file_part) AS count',
  );
  return Number(found[0]?.count);
}

/** A client that has left is noticed a little later. */
async function expectRows(count: number): Promise<void> {
  for (let tries = 0; tries < 50 && (await rows()) !== count; tries++) await delay(100);
  assert.equal(await rows(), count);
}

const expectAlive = async () => assert.equal((await gatewaysOf(polity))[0]?.pid, pid, polity.errors());

async function eachCut(look: (cut: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < FORM.length; from += 32) {
    await Promise.all(Array.from({ length: Math.min(32, FORM.length - from) }, (_, at) => look(from + at)));
  }
}

test('an upload that is cut after any byte is refused, and nothing of it stays', async () => {
  const before = await rows();
  let taken = 0;
  await eachCut(async (cut) => {
    const answer = await send({ bytes: FORM.slice(0, cut) });
    // The line end behind the last boundary may be left out.
    if (cut < FORM.length - 2) assert.equal(statusOf(answer), 400, `${cut}: ${answer}`);
    else taken += statusOf(answer) === 200 ? 1 : 0;
  });
  await expectAlive();
  assert.equal(taken, 2);
  await expectRows(before + 2 * taken);
});

test('so is one that announces less than it is', async () => {
  const before = await rows();
  await eachCut(async (cut) => {
    if (cut < FORM.length - 2) assert.equal(statusOf(await send({ bytes: FORM, length: cut })), 400, String(cut));
  });
  await expectAlive();
  await expectRows(before);
});

test('one that stalls after any byte is answered with 408 when its time is over', async () => {
  const before = await rows();
  const answers = await Promise.all(
    Array.from({ length: FORM.length }, (_, cut) => send({ bytes: FORM.slice(0, cut), length: FORM.length })),
  );
  assert.deepEqual([...new Set(answers.map(statusOf))], [408]);
  await expectAlive();
  await expectRows(before);
});

test('one whose client leaves after any byte leaves nothing behind', async () => {
  const before = await rows();
  const leave = (bytes: string) => send({ bytes, length: bytes.length + 9_000_000, leaveMs: 300 });
  await eachCut(async (cut) => void (await leave(FORM.slice(0, cut))));
  await leave(part('file', 'a'.repeat(3_000_000), 'a.txt'));
  await expectAlive();
  await expectRows(before);
});

test('a large one that stalls in its file is gone with its parts', async () => {
  const before = await rows();
  const bytes = `${part('purpose', 'user_data')}${part('file', 'a'.repeat(3_000_000), 'a.txt')}`;
  const answer = await send({ bytes, length: 9_000_000 });
  assert.equal(statusOf(answer), 408);
  assert.match(answer, /request-timeout/);
  await expectRows(before);
});

test('a form that says a thing twice, or in two cases, is refused by name', async () => {
  const before = await rows();
  const file = part('file', 'a', 'a.txt');
  const purpose = part('purpose', 'user_data');
  const tries: [string, number, string, string?][] = [
    [`${purpose}${part('purpose', 'batch')}${file}`, 400, 'purpose'],
    [`${purpose}${file}${part('purpose', 'batch')}`, 400, 'purpose'],
    [`${purpose}${part('Purpose', 'batch')}${file}`, 400, 'Purpose'],
    [`${purpose}${file}${part('file', 'b', 'b.txt')}`, 400, 'file'],
    [`${purpose}${file}${part('File', 'b', 'b.txt')}`, 400, 'File'],
    [`${purpose}${file}${part('file', 'b')}`, 400, 'file'],
    [`${purpose}${file}${part('other', 'b', 'b.txt')}`, 400, 'other'],
    [`${purpose}${file}${part('expires_after[anchor]', 'the end')}`, 400, 'expires_after'],
    [`${part('purpose', 'p'.repeat(2_000))}${file}`, 400, 'purpose'],
    [`${purpose}${file}`, 415, 'gzip', 'content-encoding: gzip\r\n'],
  ];
  for (const [bytes, status, named, more = ''] of tries) {
    const answer = await send({ bytes: `${bytes}${END}`, more });
    assert.equal(statusOf(answer), status, `${bytes.slice(-90)}: ${answer}`);
    assert.ok(answer.includes(`\`${named}`), answer);
  }
  await expectAlive();
  await expectRows(before);
});

test('a field that is no part of an upload is named to who sent it', async () => {
  const answer = await send({ bytes: `${part('colour', 'blue')}${FORM}` });
  assert.equal(statusOf(answer), 200, answer);
  assert.match(answer, /\r\nx-polity-dropped: colour\r\n/);
});

test('what is no form is refused before it is read, whatever it says to be', async () => {
  const others = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/mixed; boundary=b'];
  for (const type of [...others, 'multipart/form-data']) {
    const headers = { authorization: `Bearer ${polity.apiKey}`, 'content-type': type };
    const body = Buffer.alloc(20_000_000, ' ');
    const answer = await fetch(`${polity.url}/v1/files`, { method: 'POST', headers, body });
    assert.equal(answer.status, 415, type);
    assert.match(await answer.text(), /must be `multipart\/form-data` with a boundary/);
  }
});

test('one in chunks that breaks off, or whose client sends no more, is refused too', async () => {
  const before = await rows();
  const head =
    `POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${polity.apiKey}\r\n` +
    'content-type: multipart/form-data; boundary=b\r\ntransfer-encoding: chunked\r\n\r\n';
  const bytes = FORM.slice(0, -10);
  const chunk = `${bytes.length.toString(16)}\r\n${bytes}\r\n`;
  for (const [sent, status] of [
    [`${chunk}0\r\n\r\n`, 400],
    [`${chunk}zz\r\n`, 400],
    [chunk, 0],
  ] as const) {
    const socket = connect(polity.port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      answer += piece;
    });
    socket.on('error', () => {});
    if (status === 0) socket.end(head + sent);
    else socket.write(head + sent);
    for (let tries = 0; tries < 30 && answer === ''; tries++) await delay(100);
    socket.destroy();
    assert.ok(status === 0 ? statusOf(answer) !== 200 : statusOf(answer) === status, answer);
  }
  await expectAlive();
  await expectRows(before);
});

test('a file that is deleted while it is read breaks off: it never looks whole', async () => {
  const headers = { authorization: `Bearer ${polity.apiKey}` };
  const form = new FormData();
  form.set('purpose', 'user_data');
  form.set('file', new Blob([new Uint8Array(40_000_000)]), 'big.bin');
  const made = await fetch(`${polity.url}/v1/files`, { method: 'POST', headers, body: form });
  const { id } = (await made.json()) as { id: string };
  const content = await fetch(`${polity.url}/v1/files/${id}/content`, { headers });
  const reader = content.body?.getReader();
  await reader?.read();
  await fetch(`${polity.url}/v1/files/${id}`, { method: 'DELETE', headers });
  await assert.rejects(async () => {
    while (!(await reader?.read())?.done);
  });
  await expectAlive();
});

test('who still sends a large form with a wrong key reads the answer each time', async () => {
  const headers = { authorization: 'Bearer bad', 'content-type': 'multipart/form-data; boundary=b' };
  const body = Buffer.alloc(20_000_000, ' ');
  for (let round = 0; round < 15; round++) {
    const answer = await fetch(`${polity.url}/v1/files`, { method: 'POST', headers, body });
    assert.equal(answer.status, 401);
  }
});

test('what uploads hold in memory is counted with all other bodies: too many at a time are put off, and room comes back', async () => {
  const before = await rows();
  const bytes = `${part('purpose', 'user_data')}${part('file', 'a'.repeat(2_500_000), 'a.txt')}`;
  const stalled = () => send({ bytes, length: 9_000_000 });
  for (const round of [1, 2]) {
    const answers = await Promise.all(Array.from({ length: 16 }, stalled));
    const count = (status: number) => answers.filter((answer) => statusOf(answer) === status).length;
    assert.ok(count(503) >= 3 && count(408) + count(503) === 16, `${round}: ${answers.map(statusOf)}`);
    assert.match(answers.find((answer) => statusOf(answer) === 503) ?? '', /retry-after: 1[\s\S]*half of the room/);
  }
  await expectRows(before);
  assert.equal(statusOf(await send({ bytes: bytes + END })), 200);
});

test('an upload that is under way when the service is asked to end is taken whole', async () => {
  const head =
    `POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${polity.apiKey}\r\n` +
    `content-type: multipart/form-data; boundary=b\r\ncontent-length: ${FORM.length}\r\n\r\n`;
  const piece = Math.ceil(FORM.length / 4);
  const pieces = [0, 1, 2, 3].map((at) => FORM.slice(at * piece, (at + 1) * piece));
  const answered = sendRaw(polity.port, [head, ...pieces], { gapMs: 500 });
  await delay(700);
  // The database ends with the service.
  pool.on('error', () => {});
  assert.equal(await polity.stop(), 0);
  const { text } = await answered;
  assert.deepEqual(statusesOf(text), [200], text);
});
