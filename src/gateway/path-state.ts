/**
 * One object carries a request through all steps. Every member that a step will add is there from the start, so that all of
 * them have one shape in memory; what a step may see of it is in the type that the step takes.
 */
export function openState(): object {
  return {
    kind: undefined,
    exchange: undefined,
    inForce: undefined,
    caller: undefined,
    purpose: undefined,
    inquiry: undefined,
    requestBytes: undefined,
    classification: undefined,
    decision: undefined,
    routes: undefined,
    hold: undefined,
    estimate: undefined,
    promptTokensEstimate: 0,
    receiptId: undefined,
    route: undefined,
    attempt: undefined,
    intentMs: 0,
    calledMs: 0,
    flow: undefined,
    asking: undefined,
    outlet: undefined,
    mediaType: undefined,
    firstFrames: undefined,
    firstByteMs: 0,
    summary: undefined,
    held: undefined,
    wireDigest: undefined,
    sentBytes: 0,
    failure: undefined,
    verdict: undefined,
  };
}

type Writable<State> = { -readonly [Member in keyof State]: State[Member] };

/** The same object as the state that a step makes of it: the step writes its members and gives it back. */
export function advance<Next>(state: object): Writable<Next> {
  return state as Writable<Next>;
}
