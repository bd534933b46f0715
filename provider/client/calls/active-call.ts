import { setMaxListeners } from "node:events";
import type { Time } from "./time.ts";

/** Why an operation ended before its answer. Reason of its signal. */
export class Ended extends Error {
  override readonly name = "Ended";
  readonly why: "timeout" | "cancelled" | "closed";

  constructor(why: "timeout" | "cancelled" | "closed") {
    super(why);
    this.why = why;
  }
}

/** One call with all its tries: its time, and its end by whoever asked for it or by `close()`. Its time begins with its first
 *  turn. While it waits for that, it is given up only when nothing at all came back from the server for as long: a queue that
 *  moves is no failure. */
export class Operation {
  readonly #time: Time;
  readonly #limitMs: number;
  readonly #controller = new AbortController();
  readonly #asked: AbortSignal | undefined;
  readonly #lastProgress: () => number;
  #since: number;
  #begun = false;
  #untime: () => void;

  constructor(options: { time: Time; limitMs: number; signal?: AbortSignal | undefined; lastProgress: () => number }) {
    this.#time = options.time;
    this.#limitMs = options.limitMs;
    this.#asked = options.signal;
    this.#lastProgress = options.lastProgress;
    this.#since = this.#time.now();
    this.#untime = this.#time.after(this.#limitMs, this.#due);
    if (this.#asked?.aborted === true) this.#cancel();
    // A host has one signal for all that it does at once; Node before 24 takes that for a leak and warns.
    if (this.#asked !== undefined) setMaxListeners(0, this.#asked);
    this.#asked?.addEventListener("abort", this.#cancel, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get leftMs(): number {
    return this.#since + this.#limitMs - this.#time.now();
  }

  /** The first turn: from here the time counts. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#restart(this.#time.now());
  }

  stop(why: Ended["why"]): void {
    if (!this.#controller.signal.aborted) this.#controller.abort(new Ended(why));
  }

  /** Must be called when the operation is over. */
  finish(): void {
    this.#untime();
    this.#asked?.removeEventListener("abort", this.#cancel);
  }

  /** Waits for something shared, which goes on when this operation ends. */
  async wait<T>(shared: Promise<T>): Promise<T> {
    const { signal } = this;
    // Nobody may be left to hear that it failed.
    shared.catch(() => {});
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      shared.then(resolve, reject).then(() => signal.removeEventListener("abort", leave));
    });
  }

  readonly #cancel = (): void => this.stop("cancelled");

  readonly #due = (): void => {
    const progress = this.#lastProgress();
    if (this.#begun || progress <= this.#since) this.stop("timeout");
    else this.#restart(progress);
  };

  #restart(since: number): void {
    this.#untime();
    this.#since = since;
    this.#untime = this.#time.after(Math.max(0, this.leftMs), this.#due);
  }
}
