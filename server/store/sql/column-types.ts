import { sql } from "kysely";

/** The column types of the tables, as each database spells them. Identifiers, names, timestamps (values/timestamp.ts) and
 *  JSON are text; flags are integers 0 and 1, the same in both databases. */
export interface ColumnTypes {
  /** Compared byte by byte, so that both databases sort alike. */
  text: string;
  /** 64 bits. */
  integer: string;
  real: string;
}

/** A column type for Kysely's schema builder. */
export function columnType(name: string) {
  return sql.raw<never>(name);
}
