import { StoreError, type StoreErrorCode } from "../../store-error.ts";

/** PostgreSQL's SQLSTATE codes (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const CODES: Record<string, StoreErrorCode> = {
  "23505": "duplicate",
  "23503": "reference",
  "23001": "reference",
  "23502": "unfit",
  "23514": "unfit",
  "22003": "unfit", // number out of range
  "22021": "unfit", // NUL in text
  "22P05": "unfit", // NUL in JSON
  "54000": "unfit", // a key of more than 2,700 bytes, compressed
  "40001": "unavailable", // serialization failure, after the retries
  "40P01": "unavailable", // deadlock, after the retries
  "53300": "unavailable", // too many connections
  "57014": "unavailable", // query canceled
  "57P01": "unavailable", // admin shutdown
  "57P03": "unavailable", // starting up
};

/** Whether the same transaction may succeed when run again. */
export function isTransient(error: unknown): boolean {
  const code = sqlState(error);
  return code === "40001" || code === "40P01";
}

export function toStoreError(error: unknown): unknown {
  const state = sqlState(error);
  if (state === undefined) return error;
  const code = CODES[state] ?? (state.startsWith("08") ? "unavailable" : undefined);
  return code === undefined ? error : new StoreError(code, error);
}

/** The SQLSTATE of a driver's error, wrapped or not; system errors (ECONNREFUSED, …) count as a lost connection. */
function sqlState(error: unknown): string | undefined {
  const inner = error instanceof StoreError ? error.cause : error;
  if (!(inner instanceof Error) || !("code" in inner) || typeof inner.code !== "string") return undefined;
  return /^E[A-Z]+$/.test(inner.code) ? "08006" : inner.code;
}
