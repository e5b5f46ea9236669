interface Chore {
  work(): Promise<unknown>;
  report(cause: unknown): void;
}

/** Runs a chore again and again, one at a time. A failure is reported, and the next turn tries again. */
export function runEvery(ms: number, { work, report }: Chore): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    if (isIdle) run();
  }, ms);
  let isIdle = true;
  const run = () => {
    isIdle = false;
    running = work()
      .catch(report)
      .finally(() => {
        isIdle = true;
      });
  };
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
