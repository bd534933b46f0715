import { setDue } from "../../store/queries/deployment-schedules.ts";
import { updateDeployment } from "../../store/queries/deployments.ts";
import { deleteScheduledRuns } from "../../store/queries/runs/flow-runs.ts";
import type { Context } from "../context.ts";
import { transaction } from "../transaction.ts";
import { findDeploymentLocked } from "./find.ts";

/** Pauses or resumes a deployment's schedules. A pause deletes their scheduled runs; runs on request are not affected. Throws: ApiError `not_found`. */
export async function pauseDeployment(context: Context, id: string, paused: boolean): Promise<void> {
  await transaction(context, async (context, tx) => {
    const before = await findDeploymentLocked(tx, id);
    const now = context.clock.now();
    const columns = { paused: paused ? 1 : 0, updated: now } as const;
    if (before.paused !== columns.paused) {
      await updateDeployment(tx, id, columns);
      context.changes.report({ kind: "deployment", object: { before, after: { ...before, ...columns } } });
    }
    if (paused) await deleteScheduledRuns(tx, id, { autoScheduledOnly: true });
    await setDue(tx, id, paused ? null : now);
  });
}
