import { setMaxListeners } from "node:events";
import type { Time } from "./time.ts";

/** The reason of an aborted call's signal. */
export class CallAborted extends Error {
  override readonly name = "CallAborted";
  /** `cancelled`: by the caller's signal. `closed`: by `close()` of the client. */
  readonly why: "timeout" | "cancelled" | "closed";

  constructor(why: "timeout" | "cancelled" | "closed") {
    super(why);
    this.why = why;
  }
}

/** One call with all its attempts: its timeout and its cancellation. The timeout starts when the first request gets its slot of the
 *  limiter. A call in the queue times out only when no response to any call has arrived for as long: a queue that moves is no failure. */
export class ActiveCall {
  readonly #time: Time;
  readonly #timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #lastResponse: () => number;
  #since: number;
  #started = false;
  #clearTimer: () => void;

  /** `lastResponse` returns when the latest response to any call arrived. */
  constructor(options: {
    time: Time;
    timeoutMs: number;
    signal?: AbortSignal | undefined;
    lastResponse: () => number;
  }) {
    this.#time = options.time;
    this.#timeoutMs = options.timeoutMs;
    this.#callerSignal = options.signal;
    this.#lastResponse = options.lastResponse;
    this.#since = this.#time.now();
    this.#clearTimer = this.#time.after(this.#timeoutMs, this.#onTimer);
    if (this.#callerSignal?.aborted === true) this.#cancel();
    // A host passes one signal to all its calls; Node before 24 takes so many listeners for a leak and warns.
    if (this.#callerSignal !== undefined) setMaxListeners(0, this.#callerSignal);
    this.#callerSignal?.addEventListener("abort", this.#cancel, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get remainingMs(): number {
    return this.#since + this.#timeoutMs - this.#time.now();
  }

  /** The first request has its slot: the timeout starts. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#restartTimer(this.#time.now());
  }

  abort(why: CallAborted["why"]): void {
    if (!this.#controller.signal.aborted) this.#controller.abort(new CallAborted(why));
  }

  /** Must be called when the call is over. */
  finish(): void {
    this.#clearTimer();
    this.#callerSignal?.removeEventListener("abort", this.#cancel);
  }

  /** Waits for a promise that several calls share and that goes on when this call is aborted. */
  async wait<T>(shared: Promise<T>): Promise<T> {
    const { signal } = this;
    // When all calls are aborted, nobody else handles its rejection.
    shared.catch(() => {});
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      shared.then(resolve, reject).then(() => signal.removeEventListener("abort", leave));
    });
  }

  readonly #cancel = (): void => this.abort("cancelled");

  readonly #onTimer = (): void => {
    const lastResponse = this.#lastResponse();
    if (this.#started || lastResponse <= this.#since) this.abort("timeout");
    else this.#restartTimer(lastResponse);
  };

  #restartTimer(since: number): void {
    this.#clearTimer();
    this.#since = since;
    this.#clearTimer = this.#time.after(Math.max(0, this.remainingMs), this.#onTimer);
  }
}
