import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LineCheck } from './check-lines.ts';

const ENDPOINT = '/v1/chat/completions';
const lineOf = (body: string) => `{"custom_id":"a","method":"POST","url":"${ENDPOINT}","body":${body}}\n`;

async function check(...parts: (string | Buffer)[]) {
  async function* chunks() {
    for (const part of parts) {
      await nextTurn();
      yield Buffer.from(part);
    }
  }
  const lines = new LineCheck(ENDPOINT);
  const numbers: number[] = [];
  for await (const { number } of lines.read(chunks())) numbers.push(number);
  return { numbers, errors: lines.errors };
}

test('a line has its number in the file, whatever stands empty before it and wherever it is cut', async () => {
  const text = `\n \r\n\n${lineOf('{}')}\n${lineOf('{}').replace('"a"', '"b"').trimEnd()}`;
  for (let cut = 0; cut <= text.length; cut++)
    assert.deepEqual(await check(text.slice(0, cut), text.slice(cut)), { numbers: [4, 6], errors: [] }, String(cut));
});

test('a line of more keys or entries than a request may have fails the batch by name, before anything is built of it', async () => {
  const hostile = {
    keys: `{${Array.from({ length: 600_000 }, (_, at) => `"k${at}":1`).join(',')}}`,
    entries: `{"a":[${'{},'.repeat(3_000_000)}1]}`,
    levels: `{"a":${'['.repeat(4_000_000)}${']'.repeat(4_000_000)}}`,
  };
  for (const [name, body] of Object.entries(hostile)) {
    const { numbers, errors } = await check('\n', lineOf(body));
    const [error, another] = errors;
    assert.deepEqual([numbers, error?.code, error?.line, another], [[], 'invalid_json_line', 2, undefined], name);
    assert.match(error?.message ?? '', /more keys or entries/, name);
  }
  const text = JSON.stringify({ a: '[{,:'.repeat(1_000_000) });
  assert.deepEqual(await check(lineOf(text)), { numbers: [1], errors: [] });
});

test('a file of empty lines has none', async () => {
  const { errors } = await check(...Array.from({ length: 6 }, () => Buffer.alloc(1_000_000, '\n')));
  assert.equal(errors[0]?.code, 'empty_file');
});
