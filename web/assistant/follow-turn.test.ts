import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { TurnView } from '../../src/assistant/schema.ts';
import { followTurn } from './follow-turn.ts';

/** The browser's stream, as a test steers it. */
class SteeredSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: SteeredSource[] = [];
  readonly url: string;
  readyState = 1;

  constructor(url: string) {
    super();
    this.url = url;
    SteeredSource.opened.push(this);
  }

  close(): void {
    this.readyState = SteeredSource.CLOSED;
  }

  tell(type: 'turn' | 'text', data: object): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }

  refuse(): void {
    this.close();
    this.dispatchEvent(new Event('error'));
  }
}

const running = { id: 't', state: 'running', text: 'Te' } as TurnView;
const kept = globalThis.EventSource;
let turns: TurnView[] = [];
let cuts = 0;
const follow = () => followTurn('t', { onTurn: (turn) => turns.push(turn), onCut: () => cuts++ });
const sourceAt = (place: number) => SteeredSource.opened[place] as SteeredSource;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  SteeredSource.opened = [];
  turns = [];
  cuts = 0;
  globalThis.EventSource = SteeredSource as unknown as typeof EventSource;
});

afterEach(() => {
  mock.timers.reset();
  globalThis.EventSource = kept;
});

test('words are appended where they begin, a whole turn replaces what was shown, the last one ends the stream', () => {
  follow();
  const source = sourceAt(0);
  assert.equal(source.url, '/api/turns/t/events');
  source.tell('turn', running);
  source.tell('text', { at: 2, text: 're' });
  // The same words told twice do not stand twice.
  source.tell('text', { at: 2, text: 're' });
  source.tell('turn', { ...running, state: 'complete', text: 'Tere.' });
  assert.deepEqual(
    turns.map(({ text }) => text),
    ['Te', 'Tere', 'Tere', 'Tere.'],
  );
  assert.equal(source.readyState, SteeredSource.CLOSED);
});

test('words before the first whole turn are not shown', () => {
  follow();
  sourceAt(0).tell('text', { at: 4, text: 'x' });
  assert.deepEqual(turns, []);
});

test('a refused stream is opened again, each time later, and says so', () => {
  const end = follow();
  sourceAt(0).refuse();
  mock.timers.tick(1_000);
  sourceAt(1).refuse();
  mock.timers.tick(1_000);
  assert.equal(SteeredSource.opened.length, 2);
  mock.timers.tick(1_000);
  assert.equal(SteeredSource.opened.length, 3);
  assert.equal(cuts, 2);
  end();
});

test('who stops following hears nothing more, also while waiting', () => {
  const end = follow();
  sourceAt(0).refuse();
  end();
  mock.timers.tick(60_000);
  assert.equal(SteeredSource.opened.length, 1);
});
