import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConversationView, TurnView } from '../../src/assistant/schema.ts';
import { type Choices, newerOf, shownBranch, withTurn } from './conversation-tree.ts';

const turnOf = (id: string, parent: string | null) => ({ id, parent }) as TurnView;
const idsOf = (turns: readonly TurnView[], choices: Choices = {}) =>
  shownBranch(turns, choices).map(({ turn }) => turn.id);

test('the newest variant is shown unless another was chosen', () => {
  const turns = [turnOf('a', null), turnOf('b', 'a'), turnOf('b2', 'a'), turnOf('c', 'b')];
  assert.deepEqual(idsOf(turns), ['a', 'b2']);
  assert.deepEqual(idsOf(turns, { a: 'b' }), ['a', 'b', 'c']);
});

test('each turn of the branch knows all variants beside it, oldest first', () => {
  const turns = [turnOf('a', null), turnOf('a2', null), turnOf('a3', null), turnOf('b', 'a3')];
  assert.deepEqual(
    shownBranch(turns, { '': 'a2' }).map(({ variants }) => variants),
    [['a', 'a2', 'a3']],
  );
  assert.deepEqual(
    shownBranch(turns, {}).map(({ variants }) => variants),
    [['a', 'a2', 'a3'], ['b']],
  );
});

test('a choice that is not there any more falls back to the newest variant', () => {
  assert.deepEqual(idsOf([turnOf('a', null), turnOf('b', 'a')], { '': 'gone', a: 'gone' }), ['a', 'b']);
});

test('every turn can be reached by choosing, whatever the tree', () => {
  // A linear congruential generator: the same trees in every run.
  let state = 7;
  const next = (bound: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % bound;
  };
  for (let round = 0; round < 50; round++) {
    const turns: TurnView[] = [];
    for (let n = 0; n < 40; n++) turns.push(turnOf(`t${n}`, next(4) === 0 ? null : (turns[next(n || 1)]?.id ?? null)));
    for (const target of turns) assert.ok(idsOf(turns, choicesTo(target, turns)).includes(target.id));
  }
});

function choicesTo(target: TurnView, turns: readonly TurnView[]): Choices {
  const choices: Record<string, string> = {};
  for (let turn: TurnView | undefined = target; turn !== undefined; ) {
    const { id, parent }: TurnView = turn;
    choices[parent ?? ''] = id;
    turn = turns.find((one) => one.id === parent);
  }
  return choices;
}

test('turns that name one another as parent end the branch instead of the page', () => {
  assert.deepEqual(idsOf([turnOf('a', null), turnOf('b', 'b')]), ['a']);
});

test('a changed turn takes its own place, a new one the end', () => {
  const turns = [turnOf('a', null), turnOf('b', 'a')];
  const changed = { ...turnOf('a', null), text: 'x' };
  assert.deepEqual(withTurn(turns, changed), [changed, turns[1]]);
  assert.deepEqual(
    withTurn(turns, turnOf('c', 'b')).map(({ id }) => id),
    ['a', 'b', 'c'],
  );
});

test('what was read before a turn ended does not make it run again, and takes no turn and no number away', () => {
  const running = { id: 'a', state: 'running', contested: null } as TurnView;
  const ended = { ...running, state: 'complete' } as TurnView;
  const contested = { ...ended, contested: { number: '2026-00001' } } as TurnView;
  const viewOf = (...turns: TurnView[]) => ({ id: 'c', title: 't', turns }) as unknown as ConversationView;
  const turnsOf = (known: ConversationView, read: ConversationView) => newerOf(known, read).turns;
  assert.deepEqual(turnsOf(viewOf(ended), viewOf(running)), [ended]);
  assert.deepEqual(turnsOf(viewOf(running), viewOf(ended)), [ended]);
  assert.deepEqual(turnsOf(viewOf(contested), viewOf(ended)), [contested]);
  assert.deepEqual(turnsOf(viewOf(ended), viewOf(contested)), [contested]);
  const asked = { ...running, id: 'b' } as TurnView;
  assert.deepEqual(turnsOf(viewOf(ended, asked), viewOf(ended)), [ended, asked]);
  assert.deepEqual(turnsOf(viewOf(ended), viewOf(ended, asked)), [ended, asked]);
});
