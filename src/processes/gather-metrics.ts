import { mergeMetrics } from '../api/index.ts';
import type { FromGateway, ToGateway } from './worker-messages.ts';

/** How long a scrape waits for the other gateways. */
const WAIT_MS = 500;

interface Round {
  readonly texts: string[];
  others: number;
  finish(): void;
}

interface GatherOptions {
  /** Gateways of this installation, for when the supervisor does not answer. */
  readonly workers: number;
  /** The metrics of this process alone, in Prometheus' text format. */
  own(): Promise<string>;
  tell(message: FromGateway): void;
}

/** `/metrics` for all gateways, whichever is asked. The supervisor passes questions and answers on. */
export class MetricsGatherer {
  readonly #options: GatherOptions;
  readonly #rounds = new Map<number, Round>();
  #lastRound = 0;
  #gathering: Promise<string> | null = null;

  constructor(options: GatherOptions) {
    this.#options = options;
  }

  /** Questions that come together get one answer. */
  render(): Promise<string> {
    this.#gathering ??= this.#gather().finally(() => {
      this.#gathering = null;
    });
    return this.#gathering;
  }

  hear(message: ToGateway): void {
    if (message.type === 'metrics-wanted') {
      const { round, asker } = message;
      void this.#options.own().then((text) => this.#options.tell({ type: 'metrics-said', round, asker, text }));
      return;
    }
    if (message.type !== 'metrics-asked' && message.type !== 'metrics-of') return;
    const round = this.#rounds.get(message.round);
    if (round === undefined) return;
    if (message.type === 'metrics-asked') round.others = message.others;
    else round.texts.push(message.text);
    if (round.texts.length === round.others) round.finish();
  }

  async #gather(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const round: Round = { texts: [], others: this.#options.workers - 1, finish: resolve };
    this.#lastRound += 1;
    const number = this.#lastRound;
    this.#rounds.set(number, round);
    const timer = setTimeout(resolve, WAIT_MS);
    this.#options.tell({ type: 'metrics-ask', round: number });
    const own = await this.#options.own();
    await promise;
    clearTimeout(timer);
    this.#rounds.delete(number);
    return mergeMetrics([own, ...round.texts, countText(round)]);
  }
}

function countText({ texts, others }: Round): string {
  return [
    '# HELP polity_metrics_workers Gateway processes whose metrics are here, and those that did not answer in time',
    '# TYPE polity_metrics_workers gauge',
    `polity_metrics_workers{state="answered"} ${texts.length + 1}`,
    `polity_metrics_workers{state="missing"} ${Math.max(0, others - texts.length)}`,
    '',
  ].join('\n');
}
