import { type Asked, errorOf, type Fault } from "../errors/attempt-failure.ts";
import { adviceFor } from "../errors/hint.ts";
import type { PrefectError } from "../errors/prefect-error.ts";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";
import type { Ended } from "./active-call.ts";
import type { ApiRequest } from "./api-request.ts";
import { followable } from "./redirect.ts";

/** Where requests go. */
interface Target {
  readonly settings: ResolvedSettings;
  /** Path of the API. */
  readonly base: string;
}

const MOST_REDIRECTS = 3;

/** What has become of one request so far. */
export class Tries<T> {
  readonly request: ApiRequest<T>;
  count = 0;
  /** The CSRF token of the latest try. */
  token: string | undefined;
  readonly #target: Target;
  #mayHaveHappened = false;
  #last: Fault | undefined;
  #redirects = 0;
  #forbidden = 0;
  #redirected: string | undefined;

  constructor(request: ApiRequest<T>, target: Target) {
    this.request = request;
    this.#target = target;
  }

  get unsafe(): boolean {
    return this.request.method !== "GET" && this.request.plain !== true;
  }

  /** What to send to. */
  get path(): string {
    return this.#redirected ?? this.#target.base + this.request.path;
  }

  get asked(): Asked {
    const { kind, method, body } = this.request;
    return { kind, method, url: this.#target.settings.api.origin + this.path, body };
  }

  add(fault: Fault): Fault {
    this.count++;
    this.#last = fault;
    this.#mayHaveHappened ||= fault.mayHaveHappened;
    return fault;
  }

  follows(fault: Fault): boolean {
    const target = followable(fault, this.asked.url);
    if (target === undefined || ++this.#redirects > MOST_REDIRECTS) return false;
    this.#redirected = target;
    return true;
  }

  firstForbidden(): boolean {
    return ++this.#forbidden === 1;
  }

  leftAtTheEnd(): void {
    this.count++;
    this.#mayHaveHappened ||= this.request.kind !== "read";
  }

  error(fault: Fault): PrefectError {
    const advice = adviceFor(fault, this.#target.settings);
    return errorOf(this.asked, fault, { tries: this.count, mayHaveHappened: this.#mayHaveHappened, advice });
  }

  /** The operation was ended while it waited or while a request was under way. */
  ended({ why }: Ended, limitMs: number): PrefectError {
    const before = this.#last === undefined ? "" : `; before, ${this.#last.what}`;
    const what =
      why === "timeout"
        ? `no success within ${limitMs / 1000} s (requestTimeoutSeconds)`
        : why === "cancelled"
          ? "cancelled"
          : "the connection was closed";
    const code = why === "timeout" ? "timeout" : "cancelled";
    const fault: Fault = {
      code,
      what: what + before,
      detail: this.#last?.detail,
      mayHaveHappened: this.#mayHaveHappened,
    };
    return this.error({ ...fault, status: this.#last?.status, reason: this.#last?.reason });
  }
}
