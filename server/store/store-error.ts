/** What a database refused, in words of our own. Only database/sqlite and database/postgres make them, from driver codes. */
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
