/** All errors of the API: status, and which of Prefect's two bodies the response has (prefect/server/api/server.py): `detail` is
 *  `{"detail": text}`, `exception` is `{"exception_message": text}`. */
const API_ERRORS = {
  bad_request: { status: 400, body: "detail" },
  unauthorized: { status: 401, body: "exception" },
  forbidden: { status: 403, body: "detail" },
  not_found: { status: 404, body: "detail" },
  /** For an object other than the one that the path names. */
  object_not_found: { status: 404, body: "exception" },
  method_not_allowed: { status: 405, body: "detail" },
  conflict: { status: 409, body: "detail" },
  gone: { status: 410, body: "detail" },
  too_large: { status: 413, body: "detail" },
  /** For a rule that the types of the body can't express. A body of the wrong shape throws RequestValidationError (http/request/). */
  unprocessable: { status: 422, body: "detail" },
  locked: { status: 423, body: "detail" },
  internal: { status: 500, body: "exception" },
  unavailable: { status: 503, body: "exception" },
} as const satisfies Record<string, { status: number; body: "detail" | "exception" }>;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** An error that the client caused or should see. Thrown anywhere below a route; http/response/error-response.ts makes the response. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ApiErrorCode, text: string, headers: Readonly<Record<string, string>> = {}) {
    super(text);
    this.code = code;
    this.headers = headers;
  }

  get status(): number {
    return API_ERRORS[this.code].status;
  }

  get body(): { detail: string } | { exception_message: string } {
    return API_ERRORS[this.code].body === "detail" ? { detail: this.message } : { exception_message: this.message };
  }
}
