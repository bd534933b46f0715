import type { DialectAdapter, Expression, SqlBool } from "kysely";
import type { Db } from "../store.ts";

/** Conditions that the two databases spell differently. Lists are one parameter, however long: so the statement stays the same and
 *  is prepared once, and a million elements are no trouble. */
export interface Expressions {
  /** Rows are locked one by one, and so have to be; where a write has the whole database to itself, locking is a waste. */
  readonly locksRows: boolean;
  /** The column's text is in the list. An empty list: never. */
  isIn(column: Expression<unknown>, values: readonly string[]): Expression<SqlBool>;
  /** SQL's LIKE, in any case of ASCII letters, with a backslash standing for itself. */
  like(column: Expression<unknown>, pattern: string): Expression<SqlBool>;
  /** The column's text starts so, in any case of ASCII letters (as Prefect's own filters take it). */
  startsWith(column: Expression<unknown>, prefix: string): Expression<SqlBool>;
  /** The column, a JSON list of strings, contains every one of the values. */
  containsAll(column: Expression<unknown>, values: readonly string[]): Expression<SqlBool>;
  /** The column, a JSON list of strings, contains at least one of the values. */
  containsAny(column: Expression<unknown>, values: readonly string[]): Expression<SqlBool>;
  /** A string member of a JSON object, null where there is none. */
  member(column: Expression<unknown>, name: string): Expression<string | null>;
  /** The column, a JSON list, has an element for which the condition holds. */
  anyElement(
    column: Expression<unknown>,
    condition: (element: Expression<unknown>) => Expression<SqlBool>,
  ): Expression<SqlBool>;
  /** The text fits the pattern as a whole: `*`, `?` and `[a-z]`, as in the names of files. */
  glob(text: Expression<string | null>, pattern: string): Expression<SqlBool>;
  /** The text contains the other, in any case of ASCII letters. */
  contains(text: Expression<unknown>, part: string): Expression<SqlBool>;
  /** A timestamp as seconds since 1970. */
  epochSeconds(column: Expression<unknown>): Expression<number>;
}

/** What our dialects' adapters carry besides Kysely's own facts. */
export interface AdapterWithExpressions extends DialectAdapter {
  readonly expressions: Expressions;
}

/** The conditions in the words of the database behind `db`. */
export function expressions(db: Db): Expressions {
  return (db.getExecutor().adapter as AdapterWithExpressions).expressions;
}
