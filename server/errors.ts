/** Everything the server refuses with, in one place: status, and which of upstream's two kinds of body says so
 *  (prefect/server/api/server.py): `detail` is `{"detail": text}`, `exception` is `{"exception_message": text}`. */
const FAULTS = {
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
  /** A rule that the types of the body can't say. Bodies of the wrong shape throw Invalid (http/invalid.ts). */
  unprocessable: { status: 422, dialect: "detail" },
  locked: { status: 423, dialect: "detail" },
  internal: { status: 500, dialect: "exception" },
  unavailable: { status: 503, dialect: "exception" },
} as const satisfies Record<string, { status: number; dialect: "detail" | "exception" }>;

export type FaultCode = keyof typeof FAULTS;

/** A refusal. Thrown anywhere below a route; create-server.ts turns it into the answer. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: FaultCode, text: string, headers: Readonly<Record<string, string>> = {}) {
    super(text);
    this.code = code;
    this.headers = headers;
  }

  get status(): number {
    return FAULTS[this.code].status;
  }

  get body(): { detail: string } | { exception_message: string } {
    return FAULTS[this.code].dialect === "detail" ? { detail: this.message } : { exception_message: this.message };
  }
}

/** What a database refused, in words of our own. Only store/sqlite and store/postgres make them out of driver codes. */
export type StoreErrorCode =
  /** A unique index has this key already. */
  | "duplicate"
  /** A row that is referred to is missing, or a row that is to go is referred to. */
  | "reference"
  /** A value the column can't hold. */
  | "unfit"
  /** Lost connection, time out, full disk: the same request may succeed later. */
  | "unavailable";

export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, cause: unknown) {
    super(`the database refused: ${code}`, { cause });
    this.code = code;
  }
}

/** Runs `work`, and says a duplicate key as `conflict` says it. */
export async function refusingDuplicates<T>(conflict: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError && error.code === "duplicate") throw new Fault("conflict", conflict);
    throw error;
  }
}

/** Runs a write that makes what it does not find. When somebody else made it in between, the write runs again, and finds it. */
export async function findingOthers<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof StoreError && error.code === "duplicate") return write();
    throw error;
  }
}
