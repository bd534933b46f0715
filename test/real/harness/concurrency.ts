import { setTimeout as delay } from "node:timers/promises";
import type { RunState } from "./flow-environment.ts";

/** A half-open interval. RFC 3339 texts in one zone and form. */
export interface TimeSpan {
  readonly from: string;
  /** Absent: not over yet. */
  readonly to: string | undefined;
}

/** When a run was in one of these states. `states` in chronological order. */
export function spansInStates(types: readonly string[], states: readonly RunState[]): TimeSpan[] {
  const spans: TimeSpan[] = [];
  let from: string | undefined;
  for (const { type, timestamp } of states) {
    const inside = types.includes(type);
    if (inside && from === undefined) from = timestamp;
    if (inside || from === undefined) continue;
    spans.push({ from, to: timestamp });
    from = undefined;
  }
  if (from !== undefined) spans.push({ from, to: undefined });
  return spans;
}

/** The largest number of spans that overlap. */
export function maxConcurrent(spans: readonly TimeSpan[]): number {
  const steps = spans.flatMap(({ from, to }) => [
    { at: Date.parse(from), by: 1 },
    ...(to === undefined ? [] : [{ at: Date.parse(to), by: -1 }]),
  ]);
  // A span that begins when another ends does not overlap it.
  steps.sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  return Math.max(0, ...steps.map(({ by }) => (now += by)));
}

/** Reads a value every 100 ms while something else goes on. */
export class Poller<T> implements AsyncDisposable {
  readonly values: T[] = [];
  #stopped = false;
  readonly #polling: Promise<void>;

  constructor(read: () => Promise<T>) {
    this.#polling = this.#poll(read);
    // A failure is reported by stop().
    this.#polling.catch(() => {});
  }

  async #poll(read: () => Promise<T>): Promise<void> {
    while (!this.#stopped) {
      this.values.push(await read());
      await delay(100);
    }
  }

  /** Returns all values. Throws: what a read threw. */
  async stop(): Promise<T[]> {
    this.#stopped = true;
    await this.#polling;
    return this.values;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
