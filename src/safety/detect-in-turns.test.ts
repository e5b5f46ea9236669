import assert from 'node:assert/strict';
import test from 'node:test';
import { detect } from './detect.ts';
import { detectInTurns } from './detect-in-turns.ts';

const identifiers = [
  '37605030299',
  '٣٧٦٠٥٠٣٠٢٩٩',
  'EE38 2200 2210 2014 5685',
  'GB82 WEST 1234 5698 7654 32',
  'mari.maasikas@example.ee',
  '+44 (0)20 7946 0958',
  '4111 1111 1111 1111',
  '6０１１１１１１１１１１１１１７',
  `4111${'\u200b'.repeat(20_000)}111111111111`,
];
const fillers = ['x ', 'x', '7 ', '7, ', 'õ', 'e\u0301 ', '\ufdfa', '\n', '- ', '𝟕 ', '가 '];

test('an identifier is found wherever a border of pieces falls into it, whatever stands around it', async () => {
  for (const filler of fillers) {
    for (const identifier of identifiers) {
      for (let at = 8_192 - 60; at < 8_192 + 4; at += 3) {
        const before = filler.repeat(Math.ceil(at / filler.length)).slice(-at);
        const text = `${before} ; ${identifier} ; ${filler.repeat(9_000)}`;
        assert.deepEqual(
          await detectInTurns([text]),
          ['personal'],
          JSON.stringify([filler, identifier.slice(0, 40), at]),
        );
      }
    }
  }
});

test('an identifier is found behind words that never end', async () => {
  for (const word of ['a', 'õ', 'https://x/', 'A1b2']) {
    for (let at = 65_536 - 30; at < 65_536 + 30; at += 3) {
      const text = `${word.repeat(at).slice(0, at)};mari@example.ee;${word.repeat(9_000)}`;
      assert.deepEqual(await detectInTurns([text]), ['personal'], JSON.stringify([word, at]));
    }
  }
});

test('a number that is no identifier becomes none where it is cut', async () => {
  const numbers = ['376050302991', '4111111111111112', '41111111111111111', '+999 1234 5678', 'EE3822002210201456851'];
  for (const number of numbers) {
    for (const between of [' ', ', ', '\n', ' x ']) {
      const text = `${number}${between}`.repeat(12_000);
      assert.equal(detect(text).caveats.length, 0, number);
      for (let at = 0; at < 24; at++)
        assert.deepEqual(await detectInTurns([text.slice(at * 25)].map(cutFirst)), [], number);
    }
  }
});

/** From the first whole number on. */
function cutFirst(text: string): string {
  return text.slice(text.search(/[ \n]/) + 1);
}

test('what is read of ten megabytes leaves hundreds of turns to others, whatever they are', async () => {
  for (const unit of ['7', '7 ', '\ufdfa', '@', 'x1@ ', '\u0301']) {
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await detectInTurns([unit.repeat(Math.floor(9_900_000 / Buffer.byteLength(unit)))]);
    isOver = true;
    // One letter may stand for eighteen: the work is in what they stand for.
    assert.ok(turns > (unit === '\ufdfa' ? 3_000 : 100), `${turns} turns for ${unit}`);
  }
});

test('many small texts leave turns to others as one large one does', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await detectInTurns(Array.from({ length: 20_000 }, () => '7 '.repeat(100)));
  clearInterval(timer);
  assert.ok(turns > 10, `${turns} turns`);
});
