import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import type { Timestamp } from "../../values/timestamp.ts";
import { type TextSearch, textSearchCondition } from "../filters/text-search.ts";
import { Conditions, type Operator } from "../sql/conditions.ts";
import { expressions } from "../sql/expressions.ts";
import { insertMany } from "../sql/insert-many.ts";
import type { Page } from "../sql/page.ts";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";
import type { LogRow } from "../tables/logs.ts";

export interface LogFilter {
  operator?: Operator | undefined;
  level?: { ge_?: number | null | undefined; le_?: number | null | undefined } | null | undefined;
  timestamp?: { before_?: Timestamp | null | undefined; after_?: Timestamp | null | undefined } | null | undefined;
  flow_run_id?: { any_?: string[] | null | undefined } | null | undefined;
  task_run_id?: { any_?: string[] | null | undefined; is_null_?: boolean | null | undefined } | null | undefined;
  text?: TextSearch | null | undefined;
}

export type LogSort = "TIMESTAMP_ASC" | "TIMESTAMP_DESC";

export const insertLogs = insertMany<LogRow, unknown>(
  ["id", "created", "updated", "name", "level", "message", "timestamp", "flow_run_id", "task_run_id"],
  (db, rows) => db.insertInto("log").values(rows),
);

export async function listLogs(db: Db, filter: LogFilter, sort: LogSort, page: Page): Promise<LogRow[]> {
  const direction = sort === "TIMESTAMP_ASC" ? "asc" : "desc";
  return db
    .selectFrom("log")
    .selectAll()
    .where((eb) => logCondition(db, eb, filter))
    .orderBy("timestamp", direction)
    .orderBy("id", direction)
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

/** A flow run's logs in the order of time, from after `after`. */
export async function logsOfFlowRun(
  db: Db,
  flowRunId: string,
  after: Pick<LogRow, "timestamp" | "id"> | undefined,
  limit: number,
): Promise<LogRow[]> {
  let query = db.selectFrom("log").selectAll().where("flow_run_id", "=", flowRunId);
  if (after !== undefined) {
    const { timestamp, id } = after;
    query = query.where((eb) =>
      eb.or([eb("timestamp", ">", timestamp), eb.and([eb("timestamp", "=", timestamp), eb("id", ">", id)])]),
    );
  }
  return query.orderBy("timestamp").orderBy("id").limit(limit).execute();
}

/** Deletes up to `most` lines of these runs. Returns how many. */
export async function deleteLogsOf(
  tx: Db,
  column: "flow_run_id" | "task_run_id",
  runIds: readonly string[],
  most: number,
): Promise<number> {
  const result = await tx
    .deleteFrom("log")
    .where("id", "in", (eb) =>
      eb
        .selectFrom("log as old")
        .select("old.id")
        .where((inner) => expressions(tx).isIn(inner.ref(`old.${column}`), runIds))
        .limit(most),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

function logCondition(db: Db, eb: ExpressionBuilder<Tables, "log">, filter: LogFilter): Expression<SqlBool> {
  return new Conditions(db, eb)
    .member(filter.level, (conditions, { ge_, le_ }) =>
      conditions
        .add(ge_ == null ? undefined : eb("level", ">=", ge_))
        .add(le_ == null ? undefined : eb("level", "<=", le_)),
    )
    .column(eb.ref("timestamp"), filter.timestamp)
    .column(eb.ref("flow_run_id"), filter.flow_run_id)
    .column(eb.ref("task_run_id"), filter.task_run_id)
    .add(filter.text == null ? undefined : textSearchCondition(db, [eb.ref("message"), eb.ref("name")], filter.text))
    .join(filter.operator);
}
