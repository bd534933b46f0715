import type { Log } from "./log.ts";

/** Work that runs after the response was sent. */
export interface Background {
  /** Queues work; queued work runs one at a time. Work with the key of queued work replaces it. Failures are logged. */
  run(key: string, work: () => Promise<unknown>): void;
  /** Resolves when no work is left. */
  idle(): Promise<void>;
}

export function createBackground(log: Log): Background {
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
