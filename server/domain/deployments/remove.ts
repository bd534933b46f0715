import type { DeploymentFilter } from "../../store/filters/deployments.ts";
import { deleteLimit } from "../../store/queries/concurrency-limits.ts";
import { type Deployment, deleteDeployment, listDeployments, lockDeployment } from "../../store/queries/deployments.ts";
import { deleteScheduledRuns } from "../../store/queries/runs/flow-runs.ts";
import type { Db } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { transaction } from "../transaction.ts";
import { findDeploymentLocked } from "./find.ts";

/** Deletes a deployment, its schedules and its scheduled runs; other runs stay. Its limit is deleted as well, even when other deployments
 *  share it, which then run without one: as in Prefect. Throws: ApiError `not_found`. */
export async function removeDeployment(context: Context, id: string): Promise<void> {
  await transaction(context, async (context, tx) => {
    await remove(context, tx, await findDeploymentLocked(tx, id));
  });
}

/** Deletes the first matching deployments. Returns their ids. */
export async function removeDeployments(
  context: Context,
  filter: DeploymentFilter | undefined,
  limit: number,
): Promise<string[]> {
  return transaction(context, async (context, tx) => {
    const found = await listDeployments(tx, { deployments: filter }, "NAME_ASC", { limit, offset: 0 });
    const removed: string[] = [];
    for (const { id } of found) {
      const deployment = await lockDeployment(tx, { id });
      if (deployment === undefined) continue;
      await remove(context, tx, deployment);
      removed.push(id);
    }
    return removed;
  });
}

async function remove({ changes }: Context, tx: Db, deployment: Deployment): Promise<void> {
  await deleteScheduledRuns(tx, deployment.id, { autoScheduledOnly: false });
  if (deployment.concurrency_limit_id !== null) await deleteLimit(tx, deployment.concurrency_limit_id);
  await deleteDeployment(tx, deployment.id);
  changes.report({ kind: "deployment", object: { before: deployment, after: null } });
}
