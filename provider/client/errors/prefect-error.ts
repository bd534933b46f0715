/** Everything a call to the API can end with but success. The union is closed: code may match on `code` and on nothing else.
 *  - `not_found`: a definite 404: the API itself says that the object is not there. A 404 of a proxy or of a wrong base URL is
 *    `unreadable`, and 403 is `forbidden`: neither means gone.
 *  - `conflict` 409 · `invalid` 400, 422 and what else the server refuses in a request (`fields` where it names them), and
 *    names that cannot stand in a URL · `unauthorized` 401, 407 · `forbidden` 403 · `rate_limited` 429 · `unavailable` 408,
 *    502, 503, 504 · `server_fault` 500 and other 5xx
 *  - `network`: no answer (`reason` says why) · `timeout`: the time for the operation is over · `cancelled`: by the caller, or
 *    the connection was closed by `close()`
 *  - `unreadable`: an answer that is not what a Prefect API says · `redirected`: a redirect that was not followed ·
 *    `unsupported`: the server is too old. */
export type PrefectErrorCode =
  | "not_found"
  | "conflict"
  | "invalid"
  | "unauthorized"
  | "forbidden"
  | "rate_limited"
  | "unavailable"
  | "server_fault"
  | "network"
  | "timeout"
  | "cancelled"
  | "unreadable"
  | "redirected"
  | "unsupported";

/** One field that the server named in a refusal. `path` as in a program: `base_job_template.variables`. */
export interface RefusedField {
  path: string;
  reason: string;
}

export interface PrefectErrorFacts {
  code: PrefectErrorCode;
  /** HTTP method and URL (without user and password). */
  method: string;
  url: string;
  status?: number | undefined;
  /** What the server said, redacted: no value of the request's documents is in it. */
  detail?: string | undefined;
  /** For `invalid`: the fields the server named. */
  fields?: RefusedField[] | undefined;
  /** Whether the request may have been carried out although no success was seen. */
  mayHaveHappened: boolean;
  /** How many times it was sent. */
  attempts?: number | undefined;
  /** For `network`: the name the system or the TLS layer has for it, e.g. `ECONNREFUSED`. */
  reason?: string | undefined;
  /** For `rate_limited` and `unavailable`: how long the server asked to wait. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** A failed call. The message says what was attempted, what the server said and what to do; it holds no secret. */
export class PrefectError extends Error {
  override readonly name = "PrefectError";
  readonly code: PrefectErrorCode;
  readonly method: string;
  readonly url: string;
  readonly status: number | undefined;
  readonly detail: string | undefined;
  readonly fields: RefusedField[];
  readonly mayHaveHappened: boolean;
  readonly attempts: number;
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, facts: PrefectErrorFacts) {
    super(message, { cause: facts.cause });
    this.code = facts.code;
    this.method = facts.method;
    this.url = facts.url;
    this.status = facts.status;
    this.detail = facts.detail;
    this.fields = facts.fields ?? [];
    this.mayHaveHappened = facts.mayHaveHappened;
    this.attempts = facts.attempts ?? 1;
    this.reason = facts.reason;
    this.retryAfterMs = facts.retryAfterMs;
  }
}
