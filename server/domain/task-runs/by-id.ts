import {
  deleteTaskRun,
  lockTaskRun,
  type TaskRun,
  taskRunById,
  updateTaskRun,
} from "../../store/queries/runs/task-runs.ts";
import type { Db } from "../../store/store.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { forgetLogs } from "../logs.ts";
import { returnTagSlotsOf } from "./tag-slots.ts";

/** Throws: ApiError `not_found`. */
export async function findTaskRun(db: Db, id: string): Promise<TaskRun> {
  const run = await taskRunById(db, id);
  if (run === undefined) throw new ApiError("not_found", "Task not found");
  return run;
}

/** Throws: ApiError `not_found`. */
export async function renameTaskRun({ store, clock }: Context, id: string, name: string | undefined): Promise<void> {
  const changes = { updated: clock.now(), ...(name !== undefined && { name }) };
  const known = await store.write((tx) => updateTaskRun(tx, id, changes));
  if (!known) throw new ApiError("not_found", "Task run not found");
}

/** Gives back its slots. Throws: ApiError `not_found`. */
export async function removeTaskRun(context: Context, id: string): Promise<void> {
  await context.store.write(async (tx) => {
    const run = await lockTaskRun(tx, id);
    if (run === undefined) throw new ApiError("not_found", "Task not found");
    await returnTagSlotsOf(context, tx, run);
    await deleteTaskRun(tx, id);
  });
  forgetLogs(context, "task_run_id", [id]);
}
