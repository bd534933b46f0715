import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";
import { type Expressions, expressions } from "./expressions.ts";

/** How the criteria of a filter are joined. */
export type Operator = "and_" | "or_";

/** A time range, both ends inclusive. */
export interface Span {
  after_?: string | null | undefined;
  before_?: string | null | undefined;
}

/** Criteria as in requests: null and absent are the same. */
export type Criteria<T> = { [K in keyof T]?: T[K] | null | undefined } | null | undefined;

/** Criteria for a column with a single value. */
type ColumnCriteria = Criteria<
  Span & {
    operator: Operator;
    any_: string[];
    not_any_: string[];
    startswith_: string[];
    like_: string;
    is_null_: boolean;
  }
>;

/** Collects the conditions of one filter object. Absent criteria add nothing; an empty filter matches every row. */
export class Conditions<T extends keyof Tables> {
  readonly #db: Db;
  readonly #builder: ExpressionBuilder<Tables, T>;
  readonly #words: Expressions;
  readonly #list: Expression<SqlBool>[] = [];

  constructor(db: Db, builder: ExpressionBuilder<Tables, T>) {
    this.#db = db;
    this.#builder = builder;
    this.#words = expressions(db);
  }

  /** A member of the filter: its criteria are joined by "and", also in a filter whose members are joined by "or", unless the member has its own
   *  `operator`. An empty member matches every row. */
  member<C extends object>(
    criteria: (C & { operator?: Operator | null | undefined }) | null | undefined,
    collect: (conditions: Conditions<T>, criteria: C) => unknown,
  ): this {
    if (criteria == null) return this;
    const conditions = new Conditions(this.#db, this.#builder);
    collect(conditions, criteria);
    return this.add(conditions.join(criteria.operator ?? "and_"));
  }

  /** A member that is about one column. */
  column(column: Expression<unknown>, criteria: ColumnCriteria): this {
    return this.member(criteria, (conditions, { any_, not_any_, startswith_, like_, is_null_, ...span }) =>
      conditions
        .isIn(column, any_)
        .isNotIn(column, not_any_)
        .startsWithAny(column, startswith_)
        .like(column, like_)
        .between(column, span)
        .isNull(column, is_null_),
    );
  }

  /** `any_`: the column is one of these. */
  isIn(column: Expression<unknown>, values: readonly string[] | null | undefined): this {
    if (values != null) this.#list.push(this.#words.isIn(column, values));
    return this;
  }

  /** `not_any_`: the column is none of these. An empty list matches every row. */
  isNotIn(column: Expression<unknown>, values: readonly string[] | null | undefined): this {
    if (values != null && values.length > 0) this.#list.push(this.#builder.not(this.#words.isIn(column, values)));
    return this;
  }

  /** `all_` on a JSON list of strings. */
  containsAll(column: Expression<unknown>, values: readonly string[] | null | undefined): this {
    if (values != null) this.#list.push(this.#words.containsAll(column, values));
    return this;
  }

  /** `any_` on a JSON list of strings: at least one of these. */
  containsAny(column: Expression<unknown>, values: readonly string[] | null | undefined): this {
    if (values != null) this.#list.push(this.#words.containsAny(column, values));
    return this;
  }

  /** `is_null_`: the column is null, or is not. */
  isNull(column: Expression<unknown>, expected: boolean | null | undefined): this {
    if (expected != null) this.#list.push(this.#builder(column, expected ? "is" : "is not", null));
    return this;
  }

  /** `is_null_` of tags: the list is empty, or is not. */
  isEmptyList(column: Expression<unknown>, expected: boolean | null | undefined): this {
    if (expected != null) this.#list.push(this.#builder(column, expected ? "=" : "!=", "[]"));
    return this;
  }

  /** `after_` and `before_`, both inclusive. */
  between(column: Expression<unknown>, { after_, before_ }: Span): this {
    if (before_ != null) this.#list.push(this.#builder(column, "<=", before_));
    if (after_ != null) this.#list.push(this.#builder(column, ">=", after_));
    return this;
  }

  /** `startswith_`: the column starts with one of these. An empty list matches every row. */
  startsWithAny(column: Expression<unknown>, prefixes: readonly string[] | null | undefined): this {
    if (prefixes != null && prefixes.length > 0) {
      this.#list.push(this.#builder.or(prefixes.map((prefix) => this.#words.startsWith(column, prefix))));
    }
    return this;
  }

  /** `like_`: the column contains the text, in any case; `%` and `_` in it stand for any text and any character. */
  like(column: Expression<unknown>, pattern: string | null | undefined): this {
    if (pattern != null && pattern !== "") this.#list.push(this.#words.like(column, `%${pattern}%`));
    return this;
  }

  add(condition: Expression<SqlBool> | undefined): this {
    if (condition !== undefined) this.#list.push(condition);
    return this;
  }

  join(operator: Operator = "and_"): Expression<SqlBool> {
    if (this.#list.length === 0) return this.#builder.lit(true);
    return operator === "or_" ? this.#builder.or(this.#list) : this.#builder.and(this.#list);
  }
}
