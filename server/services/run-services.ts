import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "../domain/context.ts";
import type { Service } from "./service.ts";

/** A pass that failed is tried again after this, if the service would not run sooner anyway. */
const RETRY_SECONDS = 30;

export interface RunningServices {
  /** Starts no further pass, has those under way end early, and answers when they have ended. */
  stop(): Promise<void>;
}

/** Waits that many seconds, or until the signal aborts. */
export type Wait = (seconds: number, signal: AbortSignal) => Promise<void>;

/** Runs each service by a timer of its own: at once, and then again some time after each pass. Of one service never two passes run
 *  at a time, in this process or in others at the same database. A pass that fails is logged and tried again. */
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

/** Whether it went well. When another process holds the lock, it does the pass.  */
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
