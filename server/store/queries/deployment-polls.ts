import type { Timestamp } from "../../timestamp.ts";
import { expressions } from "../sql/expressions.ts";
import type { Db } from "../store.ts";
import type { DeploymentRow, DeploymentStatus } from "../tables/deployments.ts";

/** Locked until the write ends. */
export async function deploymentsOfQueues(
  tx: Db,
  queueIds: readonly string[],
  status: DeploymentStatus,
): Promise<DeploymentRow[]> {
  return tx
    .selectFrom("deployment")
    .selectAll()
    .where((eb) => expressions(tx).isIn(eb.ref("work_queue_id"), queueIds))
    .where("status", "=", status)
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Deployments on these queues are served. */
export async function markDeploymentsPolled(tx: Db, queueIds: readonly string[], now: Timestamp): Promise<void> {
  await tx
    .updateTable("deployment")
    .set({ last_polled: now, status: "READY" })
    .where((eb) => expressions(tx).isIn(eb.ref("work_queue_id"), queueIds))
    .execute();
}
