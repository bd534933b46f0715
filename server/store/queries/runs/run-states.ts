import type { Db } from "../../store.ts";
import type { StateColumns } from "../../tables/flow-runs.ts";

/** A run's states, the first one at the front. */
export async function statesOfFlowRun(db: Db, flowRunId: string): Promise<StateColumns[]> {
  return db
    .selectFrom("flow_run_state")
    .selectAll()
    .where("flow_run_id", "=", flowRunId)
    .orderBy("timestamp")
    .execute();
}

export async function flowRunStateById(db: Db, id: string): Promise<StateColumns | undefined> {
  return db.selectFrom("flow_run_state").selectAll().where("id", "=", id).executeTakeFirst();
}

/** A task run's states, the first one at the front. */
export async function statesOfTaskRun(db: Db, taskRunId: string): Promise<StateColumns[]> {
  return db
    .selectFrom("task_run_state")
    .selectAll()
    .where("task_run_id", "=", taskRunId)
    .orderBy("timestamp")
    .execute();
}

export async function taskRunStateById(db: Db, id: string): Promise<StateColumns | undefined> {
  return db.selectFrom("task_run_state").selectAll().where("id", "=", id).executeTakeFirst();
}
