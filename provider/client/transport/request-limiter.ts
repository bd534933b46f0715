/** How an exchange with the server went, as far as it says something about the server's load. */
export type Outcome = "answered" | "overloaded" | "failed";

export interface Slot {
  release(outcome: Outcome): void;
}

interface Waiting {
  start(slot: Slot): void;
}

/** Good answers that a first step of growth takes after an overload. */
const FIRST_PATIENCE = 16;
const LEAST_PATIENCE = 8;
const MOST_PATIENCE = 512;

/** Bounds how much is under way at once. It starts small and grows with every good answer; it halves when the server is overloaded,
 *  and then grows back one by one, the more slowly the more often growing led to the next overload: a Prefect server on SQLite
 *  refuses most writes that come in pairs, and is fastest one by one. Who was refused and comes again goes before who has not
 *  begun. */
export class Limiter {
  readonly #most: number;
  #width: number;
  #running = 0;
  /** Counts halvings: what was sent before the last one does not halve again. */
  #era = 0;
  /** Good answers that it takes to grow by one; 1 before the first overload. */
  #patience = 1;
  #good = 0;
  readonly #first: Waiting[] = [];
  readonly #rest: Waiting[] = [];

  constructor(most: number, start = 4) {
    this.#most = most;
    this.#width = Math.min(start, most);
  }

  /** How many may be under way now. */
  get width(): number {
    return this.#width;
  }

  /** Waits for a turn. Rejects with the signal's reason when it aborts before. */
  async acquire(signal: AbortSignal, again: boolean): Promise<Slot> {
    signal.throwIfAborted();
    const queue = again ? this.#first : this.#rest;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: (slot) => {
          signal.removeEventListener("abort", leave);
          resolve(slot);
        },
      };
      const leave = () => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.push(waiting);
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    while (this.#running < this.width) {
      const next = this.#first.shift() ?? this.#rest.shift();
      if (next === undefined) return;
      this.#running++;
      next.start(this.#slot());
    }
  }

  #slot(): Slot {
    const era = this.#era;
    let held = true;
    return {
      release: (outcome) => {
        if (!held) return;
        held = false;
        this.#running--;
        this.#learn(outcome, era);
        this.#startWaiting();
      },
    };
  }

  #learn(outcome: Outcome, era: number): void {
    if (outcome === "answered" && ++this.#good >= this.#patience) {
      this.#good = 0;
      if (this.#width === this.#most) return;
      this.#width++;
      if (this.#patience > 1) this.#patience = Math.max(LEAST_PATIENCE, this.#patience / 2);
    }
    if (outcome !== "overloaded" || era !== this.#era) return;
    this.#era++;
    this.#good = 0;
    // One at a time and still refused: then it is not for the number.
    if (this.#width === 1) return;
    this.#width = Math.max(1, Math.floor(this.#width / 2));
    this.#patience = this.#patience === 1 ? FIRST_PATIENCE : Math.min(MOST_PATIENCE, this.#patience * 4);
  }
}
