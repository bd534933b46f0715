import { StoreError, type StoreErrorCode } from "../../store-error.ts";

/** SQLite's extended result codes (https://sqlite.org/rescode.html). */
const CODES: Record<number, StoreErrorCode> = {
  2067: "duplicate", // CONSTRAINT_UNIQUE
  1555: "duplicate", // CONSTRAINT_PRIMARYKEY
  787: "reference", // CONSTRAINT_FOREIGNKEY
  1811: "reference", // CONSTRAINT_TRIGGER, as which an immediate ON DELETE RESTRICT is reported
  1299: "unfit", // CONSTRAINT_NOTNULL
  275: "unfit", // CONSTRAINT_CHECK
  5: "unavailable", // BUSY: another process writes
  6: "unavailable", // LOCKED
  10: "unavailable", // IOERR
  13: "unavailable", // FULL
};

export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return error;
  const code = CODES[error.errcode] ?? CODES[error.errcode & 0xff];
  return code === undefined ? error : new StoreError(code, error);
}
