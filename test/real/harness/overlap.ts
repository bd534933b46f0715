import { setTimeout as delay } from "node:timers/promises";
import type { RunState } from "./fleet.ts";

/** From, and until before. RFC 3339 texts of one zone and form. */
export interface Span {
  readonly from: string;
  /** Absent: it still goes on. */
  readonly to: string | undefined;
}

/** When a run was in one of these states. `states` in their order. */
export function spansIn(types: readonly string[], states: readonly RunState[]): Span[] {
  const spans: Span[] = [];
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

/** How many of them there were at once, at most. */
export function mostAtOnce(spans: readonly Span[]): number {
  const steps = spans.flatMap(({ from, to }) => [
    { at: Date.parse(from), by: 1 },
    ...(to === undefined ? [] : [{ at: Date.parse(to), by: -1 }]),
  ]);
  // Who comes when another goes does not meet it.
  steps.sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  return Math.max(0, ...steps.map(({ by }) => (now += by)));
}

/** Looks again and again while something else goes on. */
export class Watch<T> implements AsyncDisposable {
  readonly seen: T[] = [];
  #stopped = false;
  readonly #looking: Promise<void>;

  constructor(look: () => Promise<T>) {
    this.#looking = this.#repeat(look);
    // Who disposes of it hears of a failure.
    this.#looking.catch(() => {});
  }

  async #repeat(look: () => Promise<T>): Promise<void> {
    while (!this.#stopped) {
      this.seen.push(await look());
      await delay(100);
    }
  }

  /** Answers all it has seen. Throws: what a look threw. */
  async stop(): Promise<T[]> {
    this.#stopped = true;
    await this.#looking;
    return this.seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
