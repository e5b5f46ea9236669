import type { AssistantContext } from './context.ts';
import { type StartedTurn, TurnRun } from './run-turn.ts';

/** The answers that this process is making. */
export class RunBook {
  readonly #context: AssistantContext;
  readonly #runs = new Map<string, { readonly run: TurnRun; readonly done: Promise<void> }>();

  constructor(context: AssistantContext) {
    this.#context = context;
    context.store.onStop((id) => void this.#heard(id));
  }

  start(turn: StartedTurn): void {
    const run = new TurnRun(turn, this.#context);
    const done = run.run().finally(() => this.#runs.delete(turn.id));
    this.#runs.set(turn.id, { run, done });
  }

  /** Resolves when no answer is being made. */
  async idle(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all([...this.#runs.values()].map(({ done }) => done));
  }

  async #heard(id: string | null): Promise<void> {
    if (id !== null) return this.#runs.get(id)?.run.stop();
    try {
      const stopped = await this.#context.store.listStopped([...this.#runs.keys()]);
      for (const one of stopped) this.#runs.get(one)?.run.stop();
    } catch (fault) {
      this.#context.report(fault);
    }
  }
}
