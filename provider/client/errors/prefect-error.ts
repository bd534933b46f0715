/** Every way in which a call to the API can fail. The union is closed: code matches on `code` and on nothing else.
 *  - `not_found`: a definite 404: the API itself says that the object does not exist. A 404 of a proxy or of a wrong base URL is
 *    `unreadable`, and 403 is `forbidden`: neither means that the object is gone.
 *  - `conflict` 409 · `invalid` 400, 422 and other 4xx (`fields` where the server names them), and names that are impossible in a
 *    URL · `unauthorized` 401, 407 · `forbidden` 403 · `rate_limited` 429 · `unavailable` 408, 502, 503, 504 ·
 *    `server_fault` 500 and other 5xx
 *  - `network`: no response (`reason` says why) · `timeout`: requestTimeoutSeconds have passed · `cancelled`: by the caller, or by
 *    `close()`
 *  - `unreadable`: a response that is not that of a Prefect API · `redirected`: a redirect that was not followed ·
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

/** A field that the server refused. `path` as in a program: `base_job_template.variables`. */
export interface RefusedField {
  path: string;
  reason: string;
}

export interface PrefectErrorInit {
  code: PrefectErrorCode;
  /** HTTP method and URL (without user and password). */
  method: string;
  url: string;
  status?: number | undefined;
  /** The server's own message, redacted: it holds no value of the request's body. */
  detail?: string | undefined;
  /** For `invalid`: the refused fields. */
  fields?: RefusedField[] | undefined;
  /** Whether the server may have carried out the request although no success was received. */
  mayHaveHappened: boolean;
  /** How many times the request was sent. */
  attempts?: number | undefined;
  /** For `network`: the error code of the system or of the TLS layer, e.g. `ECONNREFUSED`. */
  reason?: string | undefined;
  /** For `rate_limited` and `unavailable`: the server's Retry-After. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** A failed call. The message says what was attempted, what the server responded and what to do; it holds no secret. */
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

  constructor(message: string, init: PrefectErrorInit) {
    super(message, { cause: init.cause });
    this.code = init.code;
    this.method = init.method;
    this.url = init.url;
    this.status = init.status;
    this.detail = init.detail;
    this.fields = init.fields ?? [];
    this.mayHaveHappened = init.mayHaveHappened;
    this.attempts = init.attempts ?? 1;
    this.reason = init.reason;
    this.retryAfterMs = init.retryAfterMs;
  }
}
