/** Everything the server refuses with, in one place: status, and which of upstream's two kinds of body says so
 *  (prefect/server/api/server.py): `detail` is `{"detail": text}`, `exception` is `{"exception_message": text}`. */
const API_ERRORS = {
  bad_request: { status: 400, dialect: "detail" },
  unauthorized: { status: 401, dialect: "exception" },
  forbidden: { status: 403, dialect: "detail" },
  not_found: { status: 404, dialect: "detail" },
  /** An object that a rule needs, not the one the path names. */
  object_not_found: { status: 404, dialect: "exception" },
  method_not_allowed: { status: 405, dialect: "detail" },
  conflict: { status: 409, dialect: "detail" },
  gone: { status: 410, dialect: "detail" },
  too_large: { status: 413, dialect: "detail" },
  /** A rule that the types of the body can't say. Bodies of the wrong shape throw RequestValidationError (http/request/). */
  unprocessable: { status: 422, dialect: "detail" },
  locked: { status: 423, dialect: "detail" },
  internal: { status: 500, dialect: "exception" },
  unavailable: { status: 503, dialect: "exception" },
} as const satisfies Record<string, { status: number; dialect: "detail" | "exception" }>;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** A refusal. Thrown anywhere below a route; http/ turns it into the response. */
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
    return API_ERRORS[this.code].dialect === "detail" ? { detail: this.message } : { exception_message: this.message };
  }
}
