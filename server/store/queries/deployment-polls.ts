import type { Timestamp } from "../../values/timestamp.ts";
import { expressions } from "../sql/expressions.ts";
import type { Db } from "../store.ts";
import type { DeploymentRow, DeploymentStatus } from "../tables/deployments.ts";

/** Deployments on these queues, locked until the write ends. */
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

/** The queues of these deployments were polled. */
export async function markQueuesDeploymentsPolled(tx: Db, queueIds: readonly string[], now: Timestamp): Promise<void> {
  await tx
    .updateTable("deployment")
    .set({ last_polled: now, status: "READY" })
    .where((eb) => expressions(tx).isIn(eb.ref("work_queue_id"), queueIds))
    .execute();
}

/** Those that were last polled before `since`, or are not ready; locked until the write ends. */
export async function deploymentsNotPolledSince(
  db: Db,
  ids: readonly string[],
  since: Timestamp,
): Promise<DeploymentRow[]> {
  return db
    .selectFrom("deployment")
    .selectAll()
    .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
    .where((eb) =>
      eb.or([eb("last_polled", "is", null), eb("last_polled", "<=", since), eb("status", "=", "NOT_READY")]),
    )
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** A process asked for the runs of these deployments. `updated` stays: nothing about them was changed. */
export async function markDeploymentsPolled(tx: Db, ids: readonly string[], now: Timestamp): Promise<void> {
  await tx
    .updateTable("deployment")
    .set({ status: "READY", last_polled: now })
    .where((eb) => expressions(tx).isIn(eb.ref("id"), ids))
    .execute();
}
