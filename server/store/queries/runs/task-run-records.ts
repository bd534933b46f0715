import { expressions } from "../../sql/expressions.ts";
import { insertMany } from "../../sql/insert-many.ts";
import type { Db } from "../../store.ts";
import type { TaskRunRow, TaskRunStateRow } from "../../tables/task-runs.ts";
import { RUN_COLUMNS, STATE_COLUMNS } from "./run-columns.ts";

/** Task runs reported by events, in batches. */

export type KnownTaskRun = Pick<TaskRunRow, "id" | "flow_run_id" | "task_key" | "dynamic_key" | "state_timestamp">;

/** Locked until the write ends, in one order. */
export async function lockTaskRuns(tx: Db, ids: readonly string[]): Promise<KnownTaskRun[]> {
  return known(tx)
    .where((eb) => expressions(tx).isIn(eb.ref("id"), ids))
    .execute();
}

/** The same by flow run and dynamic key; may return others, too. */
export async function lockTaskRunsOfFlowRuns(
  tx: Db,
  flowRunIds: readonly string[],
  dynamicKeys: readonly string[],
): Promise<KnownTaskRun[]> {
  const words = expressions(tx);
  return known(tx)
    .where((eb) =>
      eb.and([words.isIn(eb.ref("flow_run_id"), flowRunIds), words.isIn(eb.ref("dynamic_key"), dynamicKeys)]),
    )
    .execute();
}

function known(tx: Db) {
  return tx
    .selectFrom("task_run")
    .select(["id", "flow_run_id", "task_key", "dynamic_key", "state_timestamp"])
    .orderBy("id")
    .forUpdate();
}

/** Which of these flow runs there are. */
export async function existingFlowRuns(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("flow_run")
    .select("id")
    .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
    .execute();
  return new Set(rows.map((row) => row.id));
}

const insertRuns = insertMany<TaskRunRow, { id: string }>(
  [
    ...RUN_COLUMNS,
    "flow_run_id",
    "task_key",
    "dynamic_key",
    "cache_key",
    "cache_expiration",
    "task_version",
    "flow_run_run_count",
    "task_inputs",
  ],
  (db, rows) =>
    db
      .insertInto("task_run")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .returning("id"),
);

/** Returns the ids of the inserted ones: not of those that exist already, by id or by key. */
export async function insertTaskRuns(tx: Db, rows: readonly TaskRunRow[]): Promise<ReadonlySet<string>> {
  return new Set((await insertRuns(tx, rows)).map((row) => row.id));
}

const insertStates = insertMany<TaskRunStateRow, { id: string }>([...STATE_COLUMNS, "task_run_id"], (db, rows) =>
  db
    .insertInto("task_run_state")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning("id"),
);

/** Returns the ids of the inserted ones: not of those whose run has another state with the same timestamp. */
export async function insertTaskRunStates(tx: Db, rows: readonly TaskRunStateRow[]): Promise<ReadonlySet<string>> {
  return new Set((await insertStates(tx, rows)).map((row) => row.id));
}
