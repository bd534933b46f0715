import type { Timestamp } from "../../../values/timestamp.ts";
import { expressions } from "../../sql/expressions.ts";
import { prepared } from "../../sql/prepared.ts";
import type { Db } from "../../store.ts";
import type { StateColumns } from "../../tables/flow-runs.ts";
import type { TaskRunRow, TaskRunStateCacheRow, TaskRunStateRow } from "../../tables/task-runs.ts";

/** A task run with its current state; null where there is none. */
export type TaskRun = TaskRunRow & {
  state_message: string | null;
  state_data: string | null;
  state_details: string | null;
};

const byId = prepared((db, id: string) => withTaskState(db).where("task_run.id", "=", id));

const lock = prepared((db, id: string) => db.selectFrom("task_run").select("id").where("id", "=", id).forUpdate());

export async function taskRunById(db: Db, id: string): Promise<TaskRun | undefined> {
  return (await byId(db, id))[0];
}

/** The run, locked until the write ends. */
export async function lockTaskRun(tx: Db, id: string): Promise<TaskRun | undefined> {
  // Locked first, then read: a join that waited for the lock would show the new run with the old state.
  if (expressions(tx).locksRows) await lock(tx, id);
  return taskRunById(tx, id);
}

/** The run of that task in a flow run; without a flow run, the oldest one. */
export async function taskRunByKey(
  db: Db,
  key: Pick<TaskRunRow, "flow_run_id" | "task_key" | "dynamic_key">,
): Promise<TaskRun | undefined> {
  return withTaskState(db)
    .where("task_run.flow_run_id", key.flow_run_id === null ? "is" : "=", key.flow_run_id)
    .where("task_run.task_key", "=", key.task_key)
    .where("task_run.dynamic_key", "=", key.dynamic_key)
    .orderBy("task_run.created")
    .limit(1)
    .executeTakeFirst();
}

/** Runs joined with their current states: the start of every list. */
export function withTaskState(db: Db) {
  return db
    .selectFrom("task_run")
    .leftJoin("task_run_state", "task_run_state.id", "task_run.state_id")
    .selectAll("task_run")
    .select([
      "task_run_state.message as state_message",
      "task_run_state.data as state_data",
      "task_run_state.state_details as state_details",
    ]);
}

/** Whether it was inserted: not when the flow run has a run of that task with the same dynamic key. */
export async function insertTaskRun(tx: Db, row: TaskRunRow): Promise<boolean> {
  const inserted = await tx
    .insertInto("task_run")
    .values(row)
    .onConflict((conflict) => conflict.columns(["flow_run_id", "task_key", "dynamic_key"]).doNothing())
    .returning("id")
    .execute();
  return inserted.length > 0;
}

/** Whether there is such a run. */
export async function updateTaskRun(tx: Db, id: string, changes: Partial<TaskRunRow>): Promise<boolean> {
  const result = await tx.updateTable("task_run").set(changes).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function insertTaskRunState(tx: Db, row: TaskRunStateRow): Promise<void> {
  await tx.insertInto("task_run_state").values(row).execute();
}

/** Deletes its states, too; its subflow run stays, without a parent. Whether there was one. */
export async function deleteTaskRun(tx: Db, id: string): Promise<boolean> {
  await tx.updateTable("flow_run").set({ parent_task_run_id: null }).where("parent_task_run_id", "=", id).execute();
  const result = await tx.deleteFrom("task_run").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** The newest cached state of the key that has not expired. */
export async function cachedState(db: Db, key: string, now: Timestamp): Promise<StateColumns | undefined> {
  return db
    .selectFrom("task_run_state_cache")
    .innerJoin("task_run_state", "task_run_state.id", "task_run_state_cache.task_run_state_id")
    .selectAll("task_run_state")
    .where("task_run_state_cache.cache_key", "=", key)
    .where((eb) =>
      eb.or([
        eb("task_run_state_cache.cache_expiration", "is", null),
        eb("task_run_state_cache.cache_expiration", ">", now),
      ]),
    )
    .orderBy("task_run_state_cache.created", "desc")
    .limit(1)
    .executeTakeFirst();
}

export async function cacheState(tx: Db, row: TaskRunStateCacheRow): Promise<void> {
  await tx.insertInto("task_run_state_cache").values(row).execute();
}

/** Runs of a task that wait for a task worker, the oldest first. */
export async function deferredTaskRuns(db: Db, taskKey: string): Promise<string[]> {
  const rows = await db
    .selectFrom("task_run")
    .innerJoin("task_run_state", "task_run_state.id", "task_run.state_id")
    .select("task_run.id")
    .where("task_run.state_type", "=", "SCHEDULED")
    .where("task_run.task_key", "=", taskKey)
    .where("task_run_state.state_details", "like", '%"deferred":true%')
    .orderBy("task_run.state_timestamp")
    .execute();
  return rows.map((row) => row.id);
}
