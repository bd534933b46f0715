import type { Time } from "../../../../provider/client/index.ts";

/** A clock that moves only by `sleep`, which returns at once, and by `advance`. */
export class FakeTime implements Time {
  /** The arguments of `sleep`, in order. */
  readonly waits: number[] = [];
  readonly #timers = new Set<{ at: number; run: () => void }>();
  #now = Date.parse("2026-03-01T12:00:00Z");

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.waits.push(ms);
    this.advance(ms);
    signal.throwIfAborted();
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Number of active timers. */
  get pending(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers].sort((a, b) => a.at - b.at)) {
      if (timer.at > this.#now || !this.#timers.delete(timer)) continue;
      timer.run();
    }
  }
}
