import type { DialectAdapter, Expression, SqlBool } from "kysely";
import type { Db } from "../store.ts";

/** Expressions that the two databases spell differently. A list is one parameter, so that the statement is prepared once for any length. */
export interface Expressions {
  /** Writes must lock rows: false where there is only one writer at a time. */
  readonly locksRows: boolean;
  /** The column's text is in the list. An empty list: never. */
  isIn(column: Expression<unknown>, values: readonly string[]): Expression<SqlBool>;
  /** LIKE, ignoring the case of ASCII letters, without an escape character. */
  like(column: Expression<unknown>, pattern: string): Expression<SqlBool>;
  /** The column starts with the prefix, ignoring the case of ASCII letters, as in Prefect. */
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
  /** The whole text matches the glob pattern: `*`, `?` and `[a-z]`. */
  glob(text: Expression<string | null>, pattern: string): Expression<SqlBool>;
  /** The text contains the other, ignoring the case of ASCII letters. */
  contains(text: Expression<unknown>, part: string): Expression<SqlBool>;
  /** A timestamp as seconds since 1970. */
  epochSeconds(column: Expression<unknown>): Expression<number>;
}

/** The adapters of our dialects have the expressions. */
export interface AdapterWithExpressions extends DialectAdapter {
  readonly expressions: Expressions;
}

/** The expressions of the database behind `db`. */
export function expressions(db: Db): Expressions {
  return (db.getExecutor().adapter as AdapterWithExpressions).expressions;
}
