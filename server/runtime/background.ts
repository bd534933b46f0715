import type { Log } from "./log.ts";

/** Work that nobody waits for: what an answer leaves to be done when it has been given. */
export interface Background {
  /** Does it soon, one thing after the other. What still waits under the same key is done once. Failures are logged. */
  run(key: string, work: () => Promise<unknown>): void;
  /** Answers when nothing is left to do. */
  idle(): Promise<void>;
}

export function background(log: Log): Background {
  const waiting = new Map<string, () => Promise<unknown>>();
  let busy: Promise<void> | undefined;
  const drain = async (): Promise<void> => {
    await new Promise(setImmediate);
    for (let next = waiting.entries().next(); next.done !== true; next = waiting.entries().next()) {
      const [key, work] = next.value;
      waiting.delete(key);
      await work().catch((err: unknown) => log.error({ err, key }, "background work failed"));
    }
    busy = undefined;
  };
  return {
    run(key, work) {
      waiting.set(key, work);
      busy ??= drain();
    },
    async idle() {
      while (busy !== undefined) await busy;
    },
  };
}
