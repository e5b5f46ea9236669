import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { LineWriter } from './line-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'polity-lines-'));
after(() => rmSync(folder, { recursive: true }));

/** What arrives of the lines that `say` writes. */
async function linesOf(name: string, say: (writer: LineWriter) => void): Promise<string[]> {
  const path = join(folder, name);
  const descriptor = openSync(path, 'w');
  const writer = new LineWriter(descriptor);
  say(writer);
  await writer.close();
  closeSync(descriptor);
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

test('lines of every length and script arrive whole and in their order', async () => {
  const lines = Array.from({ length: 3_000 }, (_, place) => `${place} ${'ö漢🙂x'.repeat(place % 97)}`);
  lines.push('y'.repeat(1_200_000), 'after the long one');
  const arrived = await linesOf('order', (writer) => {
    for (const line of lines) writer.write(`${line}\n`);
  });
  assert.deepEqual(arrived, lines);
});

test('a line arrives by itself, without an end of the process', async () => {
  const path = join(folder, 'itself');
  const descriptor = openSync(path, 'w');
  const writer = new LineWriter(descriptor);
  const keepAwake = setTimeout(() => {}, 10_000);
  writer.write('one\n');
  for (let turn = 0; turn < 100 && readFileSync(path, 'utf8') === ''; turn++) await delay(50);
  clearTimeout(keepAwake);
  assert.equal(readFileSync(path, 'utf8'), 'one\n');
  await writer.close();
  closeSync(descriptor);
});

const source = pathToFileURL(join(import.meta.dirname, 'line-writer.ts')).href;

/** Fills a pipe whose reader sleeps, tells how long its own event loop stood still at most, then writes `ENDED` lines. */
const FILL = `
const { LineWriter } = await import(${JSON.stringify(source)});
const writer = new LineWriter(1);
let [last, worst] = [performance.now(), 0];
const pulse = setInterval(() => { worst = Math.max(worst, performance.now() - last); last = performance.now(); }, 10);
for (let turn = 0; turn < 50; turn++) {
  for (let line = 0; line < 1000; line++) writer.write('x'.repeat(999) + '\\n');
  await new Promise((resolve) => setTimeout(resolve, 20));
}
clearInterval(pulse);
process.stderr.write(JSON.stringify({ worst }) + '\\n');
setTimeout(async () => { await writer.close(); process.exit(0); }, 1500);
`;

test('a reader that does not read holds up nothing, and what is dropped is counted', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', FILL], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdout.pause();
  for (let turn = 0; turn < 1_000 && !said.includes('}'); turn++) await delay(20);
  // All 50 MB were written although nobody has read: the loop went on.
  assert.ok((JSON.parse(said) as { worst: number }).worst < 5_000, said);
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece)).resume();
  await new Promise((resolve) => child.once('close', resolve));
  const lines = Buffer.concat(pieces).toString().split('\n').slice(0, -1);
  const whole = lines.filter((line) => line.length === 999).length;
  const told = lines.filter((line) => line.includes('lines-dropped'));
  const dropped = told.reduce((sum, line) => sum + (JSON.parse(line) as { count: number }).count, 0);
  assert.ok(dropped > 0);
  assert.equal(whole + dropped, 50_000);
});

test('a reader that has gone ends nothing', () => {
  const script = FILL.replace('50;', '2;');
  const shell = `"${process.execPath}" --input-type=module --eval '${script.replaceAll("'", `'"'"'`)}' | true; exit 0`;
  const printed = execFileSync('bash', ['-c', `${shell} 2>&1`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  assert.ok(!/Error/.test(printed), printed);
});
