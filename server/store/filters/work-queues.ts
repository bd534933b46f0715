import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import { Conditions, type Operator } from "../sql/conditions.ts";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";

export interface WorkQueueFilter {
  operator?: Operator | undefined;
  id?: { any_?: string[] | null | undefined } | null | undefined;
  name?: { any_?: string[] | null | undefined; startswith_?: string[] | null | undefined } | null | undefined;
}

export function workQueueCondition(db: Db, filter: WorkQueueFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "work_queue">();
  return new Conditions(db, eb)
    .column(eb.ref("work_queue.id"), filter.id)
    .column(eb.ref("work_queue.name"), filter.name)
    .join(filter.operator);
}
