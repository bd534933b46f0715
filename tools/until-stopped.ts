import { setTimeout as delay } from "node:timers/promises";

/** What the programs that got the same Ctrl-C may take to end. */
const GRACE_MS = 15_000;

export interface Stage {
  /** Something to undo, in reverse order, however the work ends. */
  cleanUp(step: () => PromiseLike<unknown>): void;
  /** Whether somebody asked to stop. */
  readonly stopped: AbortSignal;
}

/** Runs `work`, and then everything it asked to clean up: when it is done, when it throws, and when the process is told to stop
 *  (Ctrl-C, SIGTERM). Then the work first gets a moment to end by itself, for the programs it started are ending, too. A second
 *  signal ends at once. */
export async function untilStopped(work: (stage: Stage) => Promise<number>): Promise<number> {
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
    const stage: Stage = { cleanUp: (step) => void steps.push(step), stopped: stopping.signal };
    const ended = await Promise.race([work(stage), stopped]);
    return ended ?? (stopping.signal.reason as number);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    return stopping.signal.reason as number;
  } finally {
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) await step();
    for (const [signal, listener] of Object.entries(signals)) process.off(signal, listener);
  }
}
