import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constantFrom, property, string } from 'fast-check';
import { TextFlow } from './text-flow.ts';

/** Tokens of one byte each: the hardest for characters. */
function flow(stops: readonly string[]): TextFlow<number> {
  return new TextFlow((tokens) => Buffer.from(tokens).toString('utf8'), stops);
}

function run(text: string, stops: readonly string[]) {
  const into = flow(stops);
  const pieces: string[] = [];
  for (const byte of Buffer.from(text)) {
    pieces.push(into.push(byte));
    if (into.stopped) break;
  }
  return { pieces: [...pieces, into.end()].filter((piece) => piece !== ''), stopped: into.stopped };
}

test('the pieces are the whole, and no character is ever split', () => {
  check(
    property(string({ unit: 'binary' }), (text) => {
      const whole = Buffer.from(text).toString('utf8');
      const { pieces } = run(whole, []);
      assert.equal(pieces.join(''), whole);
      for (const piece of pieces) assert.ok(piece.isWellFormed());
    }),
  );
  assert.deepEqual(run('a🙂õ', []).pieces, ['a', '🙂', 'õ']);
});

test('the text ends before the first stop string, and not even a beginning of it is shown', () => {
  const letters = string({ unit: constantFrom('a', 'b', 'c'), maxLength: 30 });
  const stop = string({ unit: constantFrom('a', 'b'), minLength: 1, maxLength: 4 });
  check(
    property(letters, array(stop, { maxLength: 3 }), (text, stops) => {
      // One byte at a time: the stop string that is whole first, wins.
      let end = 0;
      while (end <= text.length && !stops.some((each) => text.slice(0, end).endsWith(each))) end++;
      const isStopped = end <= text.length;
      const starts = stops.map((each) => text.slice(0, end).indexOf(each)).filter((at) => at >= 0);
      const { pieces, stopped } = run(text, stops);
      assert.equal(stopped, isStopped);
      assert.equal(pieces.join(''), isStopped ? text.slice(0, Math.min(...starts)) : text);
    }),
  );
});

test('what might have become a stop string is shown when the answer ends without it', () => {
  assert.deepEqual(run('the EN', ['END']), { pieces: ['t', 'h', 'e', ' ', 'EN'], stopped: false });
});
