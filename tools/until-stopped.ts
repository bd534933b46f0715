import { setTimeout as delay } from "node:timers/promises";

/** How long the child processes, which got the same Ctrl-C, may take to end. */
const GRACE_MS = 15_000;

export interface Scope {
  /** Runs the step after the work, however that ends, in reverse order. */
  defer(step: () => PromiseLike<unknown>): void;
  /** Aborted by SIGINT and SIGTERM. */
  readonly stopped: AbortSignal;
}

/** Runs `work` and then the steps it deferred: when it returns, when it throws, and when the process gets SIGINT or SIGTERM. After a
 *  signal the work first gets time to end by itself, because its child processes are ending, too. A second signal exits at once. */
export async function untilStopped(work: (scope: Scope) => Promise<number>): Promise<number> {
  const steps: (() => PromiseLike<unknown>)[] = [];
  const stopping = new AbortController();
  const stop = (code: number) => () => {
    if (stopping.signal.aborted) process.exit(code);
    stopping.abort(code);
  };
  const signals = { SIGINT: stop(130), SIGTERM: stop(143) };
  for (const [signal, listener] of Object.entries(signals)) process.on(signal, listener);
  const stopped = new Promise<void>((resolve) => {
    stopping.signal.addEventListener("abort", () => void delay(GRACE_MS, undefined, { ref: false }).then(resolve));
  });
  try {
    const scope: Scope = { defer: (step) => void steps.push(step), stopped: stopping.signal };
    const ended = await Promise.race([work(scope), stopped]);
    return ended ?? (stopping.signal.reason as number);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    return stopping.signal.reason as number;
  } finally {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) await step();
    for (const [signal, listener] of Object.entries(signals)) process.off(signal, listener);
  }
}
