/** The outcome of one request, as far as it says something about the server's load. */
export type Outcome = "success" | "overloaded" | "failure";

export interface Slot {
  release(outcome: Outcome): void;
}

interface Waiter {
  start(slot: Slot): void;
}

/** Successes needed before the window grows again after the first overload. */
const INITIAL_GROWTH_THRESHOLD = 16;
const MIN_GROWTH_THRESHOLD = 8;
const MAX_GROWTH_THRESHOLD = 512;

/** Limits the number of concurrent requests by a window that adapts to the server's load (additive increase, multiplicative
 *  decrease). The window starts small and grows by one with each success. When the server is overloaded it is halved; after that,
 *  each growth by one needs a number of successes, which is larger the more often growth led to the next overload. A Prefect server
 *  on SQLite refuses most concurrent writes and is fastest with one request at a time. Retries have priority over new requests. */
export class RequestLimiter {
  readonly #max: number;
  #window: number;
  #running = 0;
  /** Number of overloads that halved the window. A request sent before the last one does not halve it again. */
  #overloads = 0;
  /** Successes needed before the window grows by one; 1 before the first overload. */
  #growthThreshold = 1;
  #successes = 0;
  readonly #retries: Waiter[] = [];
  readonly #newRequests: Waiter[] = [];

  constructor(max: number, initial = 4) {
    this.#max = max;
    this.#window = Math.min(initial, max);
  }

  /** The number of requests that may run at the same time now. */
  get window(): number {
    return this.#window;
  }

  /** Waits for a slot. Rejects with the signal's reason when it is aborted before. */
  async acquire(signal: AbortSignal, isRetry: boolean): Promise<Slot> {
    signal.throwIfAborted();
    const queue = isRetry ? this.#retries : this.#newRequests;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        start: (slot) => {
          signal.removeEventListener("abort", leave);
          resolve(slot);
        },
      };
      const leave = () => {
        queue.splice(queue.indexOf(waiter), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.push(waiter);
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    while (this.#running < this.#window) {
      const next = this.#retries.shift() ?? this.#newRequests.shift();
      if (next === undefined) return;
      this.#running++;
      next.start(this.#createSlot());
    }
  }

  #createSlot(): Slot {
    const overloadsAtStart = this.#overloads;
    let released = false;
    return {
      release: (outcome) => {
        if (released) return;
        released = true;
        this.#running--;
        if (outcome === "success") this.#grow();
        if (outcome === "overloaded" && overloadsAtStart === this.#overloads) this.#halve();
        this.#startWaiting();
      },
    };
  }

  #grow(): void {
    if (++this.#successes < this.#growthThreshold) return;
    this.#successes = 0;
    if (this.#window === this.#max) return;
    this.#window++;
    if (this.#growthThreshold > 1) this.#growthThreshold = Math.max(MIN_GROWTH_THRESHOLD, this.#growthThreshold / 2);
  }

  #halve(): void {
    this.#overloads++;
    this.#successes = 0;
    // Refused with one request at a time: concurrency is not the reason.
    if (this.#window === 1) return;
    this.#window = Math.max(1, Math.floor(this.#window / 2));
    this.#growthThreshold =
      this.#growthThreshold === 1
        ? INITIAL_GROWTH_THRESHOLD
        : Math.min(MAX_GROWTH_THRESHOLD, this.#growthThreshold * 4);
  }
}
