/** Retries may be so many of all requests: a sick backend must not be beaten by everybody's second try. */
const SHARE = 0.2;
/** What a quiet process may spend at once. */
const RESERVE = 10;

/** A bucket that requests fill and retries empty. */
export class RetryBudget {
  #tokens = RESERVE;

  noteRequest(): void {
    this.#tokens = Math.min(RESERVE, this.#tokens + SHARE);
  }

  /** True when another try may be made; it is taken then. */
  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
