import type { Timestamp } from "../../../values/timestamp.ts";
import { expressions } from "../../sql/expressions.ts";
import type { Db } from "../../store.ts";
import type { DeploymentRow } from "../../tables/deployments.ts";
import type { WorkPoolRow } from "../../tables/work-pools.ts";
import type { WorkQueue } from "./work-queues.ts";

/** What services/foreman.ts marks offline or not ready. `among`: only these ids, for reading them again after they are locked. */

/** Workers that are marked online and have had no heartbeat since `heardBefore`; some may have long intervals. */
export async function onlineWorkersSilentSince(
  db: Db,
  heardBefore: Timestamp,
): Promise<{ id: string; last_heartbeat_time: Timestamp; heartbeat_interval_seconds: number | null }[]> {
  return db
    .selectFrom("worker")
    .select(["id", "last_heartbeat_time", "heartbeat_interval_seconds"])
    .where("status", "=", "ONLINE")
    .where("last_heartbeat_time", "<", heardBefore)
    .execute();
}

/** Unless they have had a heartbeat in the meantime. */
export async function markWorkersOffline(
  tx: Db,
  workers: readonly { id: string; last_heartbeat_time: Timestamp }[],
): Promise<void> {
  for (const { id, last_heartbeat_time } of workers) {
    await tx
      .updateTable("worker")
      .set({ status: "OFFLINE" })
      .where("id", "=", id)
      .where("last_heartbeat_time", "=", last_heartbeat_time)
      .execute();
  }
}

/** Pools that are marked ready and have no worker online. */
export async function readyPoolsWithoutWorker(db: Db, among?: readonly string[]): Promise<WorkPoolRow[]> {
  return db
    .selectFrom("work_pool")
    .selectAll()
    .where("status", "=", "READY")
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("worker")
            .select(eb.lit(1).as("one"))
            .whereRef("worker.work_pool_id", "=", "work_pool.id")
            .where("worker.status", "=", "ONLINE"),
        ),
      ),
    )
    .$if(among !== undefined, (query) => query.where((eb) => expressions(db).isIn(eb.ref("id"), among ?? [])))
    .orderBy("id")
    .execute();
}

/** Queues that are marked ready and were last polled before a moment. */
export async function readyQueuesNotPolledSince(
  db: Db,
  before: Timestamp,
  among?: readonly string[],
): Promise<WorkQueue[]> {
  return db
    .selectFrom("work_queue")
    .innerJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .selectAll("work_queue")
    .select("work_pool.name as work_pool_name")
    .where("work_queue.status", "=", "READY")
    .where("work_queue.last_polled", "<", before)
    .$if(among !== undefined, (query) =>
      query.where((eb) => expressions(db).isIn(eb.ref("work_queue.id"), among ?? [])),
    )
    .orderBy("work_queue.id")
    .execute();
}

/** Deployments that are marked ready and were last polled before a moment, themselves and by their queue. */
export async function readyDeploymentsNotPolledSince(
  db: Db,
  before: Timestamp,
  among?: readonly string[],
): Promise<DeploymentRow[]> {
  return db
    .selectFrom("deployment")
    .selectAll()
    .where("status", "=", "READY")
    .where("last_polled", "<", before)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("work_queue")
            .select(eb.lit(1).as("one"))
            .whereRef("work_queue.id", "=", "deployment.work_queue_id")
            .where("work_queue.last_polled", ">=", before),
        ),
      ),
    )
    .$if(among !== undefined, (query) => query.where((eb) => expressions(db).isIn(eb.ref("id"), among ?? [])))
    .orderBy("id")
    .execute();
}

/** `updated` stays: nothing about the deployments themselves was changed. */
export async function markDeploymentsNotReady(tx: Db, ids: readonly string[]): Promise<void> {
  await tx
    .updateTable("deployment")
    .set({ status: "NOT_READY" })
    .where((eb) => expressions(tx).isIn(eb.ref("id"), ids))
    .execute();
}
