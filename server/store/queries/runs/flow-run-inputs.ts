import { expressions } from "../../sql/expressions.ts";
import type { Db } from "../../store.ts";
import type { FlowRunInputRow } from "../../tables/flow-runs.ts";

export async function insertFlowRunInput(tx: Db, row: FlowRunInputRow): Promise<void> {
  await tx.insertInto("flow_run_input").values(row).execute();
}

export async function flowRunInput(db: Db, flowRunId: string, key: string): Promise<FlowRunInputRow | undefined> {
  return db
    .selectFrom("flow_run_input")
    .selectAll()
    .where("flow_run_id", "=", flowRunId)
    .where("key", "=", key)
    .executeTakeFirst();
}

/** Inputs whose keys start so, the oldest at the front. */
export async function listFlowRunInputs(
  db: Db,
  flowRunId: string,
  { prefix, exclude, most }: { prefix: string; exclude: readonly string[]; most: number },
): Promise<FlowRunInputRow[]> {
  return db
    .selectFrom("flow_run_input")
    .selectAll()
    .where("flow_run_id", "=", flowRunId)
    .where((eb) => expressions(db).startsWith(eb.ref("key"), prefix))
    .where((eb) => eb.not(expressions(db).isIn(eb.ref("key"), exclude)))
    .orderBy("created")
    .orderBy("key")
    .limit(most)
    .execute();
}

/** Whether there was one. */
export async function deleteFlowRunInput(tx: Db, flowRunId: string, key: string): Promise<boolean> {
  const result = await tx
    .deleteFrom("flow_run_input")
    .where("flow_run_id", "=", flowRunId)
    .where("key", "=", key)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
