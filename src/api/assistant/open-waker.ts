export interface Waker {
  /** Ends the wait under way, or the next one at once. */
  readonly wake: () => void;
  wait(mostMs: number): Promise<void>;
}

/** Waits that a call, a time or the signal ends. A call between two waits is not lost. */
export function openWaker(closed: AbortSignal): Waker {
  let isCalled = false;
  let resume: () => void = () => {};
  const wake = () => {
    isCalled = true;
    resume();
  };
  closed.addEventListener('abort', wake, { once: true });
  return {
    wake,
    async wait(mostMs) {
      if (!isCalled && !closed.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, mostMs);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isCalled = false;
      resume = () => {};
    },
  };
}
