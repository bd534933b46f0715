import type { Timestamp } from "../../../values/timestamp.ts";
import { expressions } from "../../sql/expressions.ts";
import type { Db } from "../../store.ts";
import type { StateType } from "../../tables/flow-runs.ts";

/** Queries of the services. Each returns at most `most` ids. */

const UNFINISHED: StateType[] = ["SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING"];

/** Runs that should have started before a moment, and are not marked late. */
export async function overdueRuns(db: Db, before: Timestamp, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom("flow_run")
    .select("id")
    .where("state_name", "=", "Scheduled")
    .where("next_scheduled_start_time", "<=", before)
    .where("state_type", "=", "SCHEDULED")
    .orderBy("next_scheduled_start_time")
    .limit(most)
    .execute();
  return rows.map((row) => row.id);
}

/** Runs that have been CANCELLING since a moment. */
export async function longCancelling(db: Db, since: Timestamp, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom("flow_run")
    .select("id")
    .where("state_type", "=", "CANCELLING")
    .where("state_timestamp", "<=", since)
    .orderBy("state_timestamp")
    .limit(most)
    .execute();
  return rows.map((row) => row.id);
}

/** Runs whose pause has timed out. */
export async function expiredPauses(db: Db, now: Timestamp, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom("flow_run")
    .innerJoin("flow_run_state", "flow_run_state.id", "flow_run.state_id")
    .select("flow_run.id")
    .where("flow_run.state_type", "=", "PAUSED")
    .where((eb) => eb(expressions(db).member(eb.ref("flow_run_state.state_details"), "pause_timeout"), "<", now))
    .limit(most)
    .execute();
  return rows.map((row) => row.id);
}

/** Unfinished task runs of flow runs that were cancelled since then. */
export async function tasksOfCancelledRuns(db: Db, since: Timestamp, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom("flow_run")
    .innerJoin("task_run", "task_run.flow_run_id", "flow_run.id")
    .select("task_run.id")
    .where("flow_run.state_type", "=", "CANCELLED")
    .where("flow_run.state_timestamp", ">=", since)
    .where("task_run.state_type", "in", UNFINISHED)
    // Those that stand for subflows follow their subflow.
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("flow_run as subflow")
            .select(eb.lit(1).as("one"))
            .whereRef("subflow.parent_task_run_id", "=", "task_run.id"),
        ),
      ),
    )
    .limit(most)
    .execute();
  return rows.map((row) => row.id);
}

/** Unfinished subflows of flow runs that were cancelled since then. */
export async function subflowsOfCancelledRuns(
  db: Db,
  since: Timestamp,
  most: number,
): Promise<{ id: string; deployment_id: string | null }[]> {
  return (
    db
      .selectFrom("flow_run as parent")
      .innerJoin("task_run", "task_run.flow_run_id", "parent.id")
      .innerJoin("flow_run", "flow_run.parent_task_run_id", "task_run.id")
      .select(["flow_run.id", "flow_run.deployment_id"])
      .where("parent.state_type", "=", "CANCELLED")
      .where("parent.state_timestamp", ">=", since)
      .where("flow_run.state_type", "in", UNFINISHED)
      // A deployed run that is CANCELLING is stopped by its worker.
      .where((eb) => eb.or([eb("flow_run.deployment_id", "is", null), eb("flow_run.state_type", "!=", "CANCELLING")]))
      .limit(most)
      .execute()
  );
}
