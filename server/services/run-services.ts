import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "../domain/context.ts";
import type { Service } from "./service.ts";

/** A failed pass is retried after this, or sooner if the service runs more often. */
const RETRY_SECONDS = 30;

export interface RunningServices {
  /** Starts no further pass, aborts those that are running, and resolves when they have ended. */
  stop(): Promise<void>;
}

/** Waits that many seconds, or until the signal aborts. */
export type Wait = (seconds: number, signal: AbortSignal) => Promise<void>;

/** Runs each service by its own timer: at once, and then again some time after each pass. No two passes of one service run at a time, in
 *  this process or in others on the same database. A failed pass is logged and retried. */
export function runServices(
  context: Context,
  services: readonly Service[],
  wait: Wait = waitForTimer,
): RunningServices {
  const stopping = new AbortController();
  const loops = services.map((service) => repeat(service, context, wait, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function repeat(service: Service, context: Context, wait: Wait, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const succeeded = await pass(service, context, signal);
    if (signal.aborted) return;
    await wait(succeeded ? service.everySeconds : Math.min(service.everySeconds, RETRY_SECONDS), signal);
  }
}

/** Whether it succeeded. When another process holds the lock, it does the pass. */
async function pass(service: Service, context: Context, signal: AbortSignal): Promise<boolean> {
  const { store, log } = context;
  const start = performance.now();
  try {
    const ran = await store.withServiceLock(service.name, () => service.run(context, signal));
    log.debug({ service: service.name, ran, ms: Math.round(performance.now() - start) }, "service pass");
    return true;
  } catch (err) {
    log.error({ err, service: service.name }, "a service failed, and will be tried again");
    return false;
  }
}

const waitForTimer: Wait = async (seconds, signal) => {
  try {
    await delay(seconds * 1000, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
