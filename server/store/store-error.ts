/** Why the database refused, independent of the driver. Only database/sqlite and database/postgres make them, from driver codes. */
export type StoreErrorCode =
  /** A row with this key exists (unique index). */
  | "duplicate"
  /** A foreign key: the referenced row is missing, or the deleted row is referenced. */
  | "reference"
  /** A value that does not fit the column. */
  | "unfit"
  /** Lost connection, timeout, full disk: a retry may succeed. */
  | "unavailable";

export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, cause: unknown) {
    super(`the database refused: ${code}`, { cause });
    this.code = code;
  }
}
