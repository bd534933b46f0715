import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import { Conditions, type Operator } from "../sql/conditions.ts";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";

export interface WorkPoolFilter {
  operator?: Operator | undefined;
  id?: { any_?: string[] | null | undefined } | null | undefined;
  name?: { any_?: string[] | null | undefined } | null | undefined;
  type?: { any_?: string[] | null | undefined } | null | undefined;
}

export function workPoolCondition(db: Db, filter: WorkPoolFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "work_pool">();
  return new Conditions(db, eb)
    .column(eb.ref("work_pool.id"), filter.id)
    .column(eb.ref("work_pool.name"), filter.name)
    .column(eb.ref("work_pool.type"), filter.type)
    .join(filter.operator);
}
