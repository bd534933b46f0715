import type { Timestamp } from "../../../values/timestamp.ts";
import { expressions } from "../../sql/expressions.ts";
import { insertMany } from "../../sql/insert-many.ts";
import { prepared } from "../../sql/prepared.ts";
import type { Db } from "../../store.ts";
import type { FlowRunRow, FlowRunStateRow } from "../../tables/flow-runs.ts";
import { RUN_COLUMNS, STATE_COLUMNS, STATE_DERIVED_COLUMNS } from "./run-columns.ts";

/** A run with its current state, its queue and its pool. What is joined is null where there is none. */
export type FlowRun = FlowRunRow & {
  state_message: string | null;
  state_data: string | null;
  state_details: string | null;
  queue_name: string | null;
  work_pool_id: string | null;
  work_pool_name: string | null;
};

const byId = prepared((db, id: string) => withState(db).where("flow_run.id", "=", id));

const lock = prepared((db, id: string) => db.selectFrom("flow_run").select("id").where("id", "=", id).forUpdate());

const byKey = prepared((db, flowId: string, key: string) =>
  withState(db).where("flow_run.flow_id", "=", flowId).where("flow_run.idempotency_key", "=", key),
);

export async function flowRunById(db: Db, id: string): Promise<FlowRun | undefined> {
  return (await byId(db, id))[0];
}

/** The run, locked until the write ends. */
export async function lockFlowRun(tx: Db, id: string): Promise<FlowRun | undefined> {
  // Locked first, then read: a join that waited for the lock would show the new run with the old state.
  if (expressions(tx).locksRows) await lock(tx, id);
  return flowRunById(tx, id);
}

export async function flowRunByKey(db: Db, flowId: string, key: string): Promise<FlowRun | undefined> {
  return (await byKey(db, flowId, key))[0];
}

/** Runs of these ids, in no order. */
export async function flowRunsById(db: Db, ids: readonly string[]): Promise<FlowRun[]> {
  return withState(db)
    .where((eb) => expressions(db).isIn(eb.ref("flow_run.id"), ids))
    .execute();
}

/** Runs joined with what belongs to them: the start of every list. */
export function withState(db: Db) {
  return db
    .selectFrom("flow_run")
    .leftJoin("flow_run_state", "flow_run_state.id", "flow_run.state_id")
    .leftJoin("work_queue", "work_queue.id", "flow_run.work_queue_id")
    .leftJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .selectAll("flow_run")
    .select([
      "flow_run_state.message as state_message",
      "flow_run_state.data as state_data",
      "flow_run_state.state_details as state_details",
      "work_queue.name as queue_name",
      "work_pool.id as work_pool_id",
      "work_pool.name as work_pool_name",
    ]);
}

const insertRuns = insertMany<FlowRunRow, { id: string }>(
  [
    ...RUN_COLUMNS,
    "flow_id",
    "deployment_id",
    "deployment_version",
    "work_queue_id",
    "work_queue_name",
    "flow_version",
    "parameters",
    "idempotency_key",
    "context",
    "parent_task_run_id",
    "auto_scheduled",
    "retries_in_process",
    "infrastructure_document_id",
    "infrastructure_pid",
    "created_by",
    "job_variables",
  ],
  (db, rows) =>
    db
      .insertInto("flow_run")
      .values(rows)
      .onConflict((conflict) => conflict.columns(["flow_id", "idempotency_key"]).doNothing())
      .returning("id"),
);

/** Whether it was inserted: not when the flow has a run with the same idempotency key. */
export async function insertFlowRun(tx: Db, row: FlowRunRow): Promise<boolean> {
  return (await insertRuns(tx, [row])).length > 0;
}

/** What a change of state changes in a run. */
const CHANGED_BY_STATE = [
  "updated",
  ...STATE_DERIVED_COLUMNS,
  "empirical_policy",
  "retries_in_process",
] as const satisfies (keyof FlowRunRow)[];

export type FlowRunStateChange = Pick<FlowRunRow, (typeof CHANGED_BY_STATE)[number]>;

const updateState = prepared((db, id: string, ...values: unknown[]) =>
  db
    .updateTable("flow_run")
    .set(Object.fromEntries(CHANGED_BY_STATE.map((column, index) => [column, values[index]])) as Partial<FlowRunRow>)
    .where("id", "=", id),
);

export async function updateFlowRunState(tx: Db, id: string, change: FlowRunStateChange): Promise<void> {
  await updateState(tx, id, ...CHANGED_BY_STATE.map((column) => change[column]));
}

/** Whether there is such a run. */
export async function updateFlowRun(tx: Db, id: string, changes: Partial<FlowRunRow>): Promise<boolean> {
  const result = await tx.updateTable("flow_run").set(changes).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

const insertStates = insertMany<FlowRunStateRow, unknown>([...STATE_COLUMNS, "flow_run_id"], (db, rows) =>
  db.insertInto("flow_run_state").values(rows),
);

export async function insertFlowRunState(tx: Db, row: FlowRunStateRow): Promise<void> {
  await insertStates(tx, [row]);
}

/** Deletes states, inputs and task runs, too. Subflow runs stay, without a parent. */
export async function deleteFlowRuns(tx: Db, ids: readonly string[]): Promise<void> {
  await tx
    .updateTable("flow_run")
    .set({ parent_task_run_id: null })
    .where("parent_task_run_id", "in", (eb) =>
      eb
        .selectFrom("task_run")
        .select("task_run.id")
        .where((task) => expressions(tx).isIn(task.ref("task_run.flow_run_id"), ids)),
    )
    .execute();
  await tx
    .deleteFrom("flow_run")
    .where((eb) => expressions(tx).isIn(eb.ref("id"), ids))
    .execute();
}

/** Deletes a deployment's scheduled runs that never ran. Those that wait for a slot of the deployment stay. `startingAfter`: only those
 *  scheduled later. */
export async function deleteScheduledRuns(
  tx: Db,
  deploymentId: string,
  { autoScheduledOnly, startingAfter }: { autoScheduledOnly: boolean; startingAfter?: Timestamp },
): Promise<void> {
  let query = tx
    .deleteFrom("flow_run")
    .where("deployment_id", "=", deploymentId)
    .where("state_type", "=", "SCHEDULED")
    .where("state_name", "!=", "AwaitingConcurrencySlot")
    .where("run_count", "=", 0);
  if (autoScheduledOnly) query = query.where("auto_scheduled", "=", 1);
  if (startingAfter !== undefined) query = query.where("next_scheduled_start_time", ">", startingAfter);
  await query.execute();
}
