import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import { expressions } from "../sql/expressions.ts";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";

/** A search for words, parsed (domain/text-search.ts). */
export interface TextSearch {
  /** One of them is there. */
  include: readonly string[];
  /** None of them is there. */
  exclude: readonly string[];
  /** All of them are there. */
  required: readonly string[];
}

/** The search as a condition: each word may be in any of the columns. */
export function textSearchCondition(
  db: Db,
  columns: readonly Expression<string>[],
  search: TextSearch,
): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, never>();
  const { contains } = expressions(db);
  const anywhere = (term: string) => eb.or(columns.map((column) => contains(column, term)));
  return eb.and([
    ...(search.include.length > 0 ? [eb.or(search.include.map(anywhere))] : []),
    ...search.exclude.map((term) => eb.not(anywhere(term))),
    ...search.required.map(anywhere),
  ]);
}
