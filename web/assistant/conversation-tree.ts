import type { ConversationView, TurnView } from '../../src/assistant/schema.ts';

/** One turn of the branch that is shown, with its variants. */
export interface ShownTurn {
  readonly turn: TurnView;
  /** All turns with the same parent, oldest first: edits and second answers. */
  readonly variants: readonly string[];
}

/** What the reader chose at each fork: by parent (`''` for the first question) the id of a turn. */
export type Choices = Readonly<Record<string, string>>;

/** The branch that is shown: at each fork the chosen variant, else the newest. No variant is ever lost. */
export function shownBranch(turns: readonly TurnView[], choices: Choices): ShownTurn[] {
  const children = new Map<string, TurnView[]>();
  for (const turn of turns) {
    const parent = turn.parent ?? '';
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [turn]);
    else siblings.push(turn);
  }
  const branch: ShownTurn[] = [];
  let parent = '';
  for (;;) {
    const siblings = children.get(parent);
    const turn = siblings?.find(({ id }) => id === choices[parent]) ?? siblings?.at(-1);
    if (turn === undefined || siblings === undefined) return branch;
    branch.push({ turn, variants: siblings.map(({ id }) => id) });
    children.delete(parent);
    parent = turn.id;
  }
}

/** The turns with one of them put in, or put in anew. */
export function withTurn(turns: readonly TurnView[], turn: TurnView): TurnView[] {
  const place = turns.findIndex(({ id }) => id === turn.id);
  return place < 0 ? [...turns, turn] : turns.with(place, turn);
}

/**
 * What is shown once the server's answer has come: it was read before it came, and what was heard meanwhile stays. A turn that
 * has ended never runs again, and no turn leaves a conversation.
 */
export function newerOf(known: ConversationView, read: ConversationView): ConversationView {
  const before = new Map(known.turns.map((turn) => [turn.id, turn]));
  const turns = read.turns.map((turn) => {
    const old = before.get(turn.id);
    before.delete(turn.id);
    return old !== undefined && isNewer(old, turn) ? old : turn;
  });
  return { ...read, turns: [...turns, ...before.values()] };
}

function isNewer(one: TurnView, other: TurnView): boolean {
  if (other.state === 'running') return one.state !== 'running';
  return one.contested !== null && other.contested === null;
}
