import { type AttemptedRequest, type AttemptFailure, toPrefectError } from "../errors/attempt-failure.ts";
import { hintFor } from "../errors/hint.ts";
import type { PrefectError } from "../errors/prefect-error.ts";
import type { ResolvedSettings } from "../settings/resolve-settings.ts";
import type { CallAborted } from "./active-call.ts";
import type { ApiRequest } from "./api-request.ts";

/** The server that requests are sent to. */
interface Target {
  readonly settings: ResolvedSettings;
  readonly basePath: string;
}

const MAX_REDIRECTS = 3;

/** The attempts of one request so far, and the error when the last one failed. */
export class RequestAttempts<T> {
  readonly request: ApiRequest<T>;
  /** Number of attempts that were sent. */
  count = 0;
  /** The CSRF token of the latest attempt. */
  csrfToken: string | undefined;
  readonly #target: Target;
  #mayHaveHappened = false;
  #lastFailure: AttemptFailure | undefined;
  #redirects = 0;
  #forbidden = 0;
  #redirectedPath: string | undefined;

  constructor(request: ApiRequest<T>, target: Target) {
    this.request = request;
    this.#target = target;
  }

  get needsCsrfToken(): boolean {
    return this.request.method !== "GET" && this.request.isProbe !== true;
  }

  /** The path of the next attempt. */
  get path(): string {
    return this.#redirectedPath ?? this.#target.basePath + this.request.path;
  }

  get attempted(): AttemptedRequest {
    const { kind, method, body } = this.request;
    return { kind, method, url: this.#target.settings.api.origin + this.path, body };
  }

  addFailure(failure: AttemptFailure): void {
    this.count++;
    this.#lastFailure = failure;
    this.#mayHaveHappened ||= failure.mayHaveHappened;
    if (failure.code === "forbidden") this.#forbidden++;
  }

  /** The call was aborted after the request had been sent. */
  addAborted(): void {
    this.count++;
    this.#mayHaveHappened ||= this.request.kind !== "read";
  }

  get isFirstForbidden(): boolean {
    return this.#lastFailure?.code === "forbidden" && this.#forbidden === 1;
  }

  /** Whether the failure is a redirect that the next attempt follows. */
  follow(failure: AttemptFailure): boolean {
    const path = redirectPath(failure, this.attempted.url);
    if (path === undefined || ++this.#redirects > MAX_REDIRECTS) return false;
    this.#redirectedPath = path;
    return true;
  }

  error(failure: AttemptFailure): PrefectError {
    const hint = hintFor(failure, this.#target.settings);
    const call = { attempts: this.count, mayHaveHappened: this.#mayHaveHappened, hint };
    return toPrefectError(this.attempted, failure, call);
  }

  /** The call was aborted while it waited or while a request was in flight. */
  abortedError({ why }: CallAborted, timeoutMs: number): PrefectError {
    const last = this.#lastFailure;
    const reason =
      why === "timeout"
        ? `no success within ${timeoutMs / 1000} s (requestTimeoutSeconds)`
        : why === "cancelled"
          ? "cancelled"
          : "the client was closed";
    return this.error({
      code: why === "timeout" ? "timeout" : "cancelled",
      summary: last === undefined ? reason : `${reason}; the last attempt failed: ${last.summary}`,
      detail: last?.detail,
      status: last?.status,
      reason: last?.reason,
      mayHaveHappened: this.#mayHaveHappened,
    });
  }
}

/** The path to send the same request to, when the redirect keeps the method (307, 308), the server and, but for a trailing slash, the
 *  path. Any other redirect may address another object, or send the credentials to another server. */
function redirectPath({ redirectedTo, status }: AttemptFailure, url: string): string | undefined {
  if (redirectedTo === undefined || (status !== 307 && status !== 308)) return undefined;
  const [target, requested] = [new URL(redirectedTo), new URL(url)];
  if (target.origin !== requested.origin || target.search !== requested.search) return undefined;
  const isSameButSlash = target.pathname.replace(/\/$/, "") === requested.pathname.replace(/\/$/, "");
  return isSameButSlash ? target.pathname + target.search : undefined;
}
