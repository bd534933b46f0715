import type { Timestamp } from "../../../values/timestamp.ts";
import { type WorkQueueFilter, workQueueCondition } from "../../filters/work-queues.ts";
import { countRows } from "../../sql/count-rows.ts";
import { expressions } from "../../sql/expressions.ts";
import type { Page } from "../../sql/page.ts";
import { prepared } from "../../sql/prepared.ts";
import type { Db } from "../../store.ts";
import type { QueueStatus, WorkQueueRow } from "../../tables/work-pools.ts";

/** A queue, and the name of its pool. */
export type WorkQueue = WorkQueueRow & { work_pool_name: string };

const byId = prepared((db, id: string) => withPool(db).where("work_queue.id", "=", id));

const byName = prepared((db, pool: string, name: string) =>
  withPool(db).where("work_pool.name", "=", pool).where("work_queue.name", "=", name),
);

export async function workQueueById(db: Db, id: string): Promise<WorkQueue | undefined> {
  return (await byId(db, id))[0];
}

export async function workQueueByName(db: Db, pool: string, name: string): Promise<WorkQueue | undefined> {
  return (await byName(db, pool, name))[0];
}

/** The first queue of that name in any pool. */
export async function anyWorkQueueNamed(db: Db, name: string): Promise<WorkQueue | undefined> {
  return withPool(db).where("work_queue.name", "=", name).orderBy("work_queue.created").limit(1).executeTakeFirst();
}

/** A pool's queues, the one served first at the front. */
export async function listPoolQueues(
  db: Db,
  poolId: string,
  filter: WorkQueueFilter,
  page: Page,
): Promise<WorkQueue[]> {
  return matching(db, filter)
    .where("work_queue.work_pool_id", "=", poolId)
    .orderBy("work_queue.priority")
    .orderBy("work_queue.id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

/** All of a pool's queues, the one served first at the front. */
export async function queuesOfPool(db: Db, poolId: string): Promise<WorkQueue[]> {
  return withPool(db)
    .where("work_queue.work_pool_id", "=", poolId)
    .orderBy("work_queue.priority")
    .orderBy("work_queue.id")
    .execute();
}

/** The queues of all pools, by name. */
export async function listWorkQueues(db: Db, filter: WorkQueueFilter, page: Page): Promise<WorkQueue[]> {
  return matching(db, filter)
    .orderBy("work_queue.name")
    .orderBy("work_queue.id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

/** What ranking needs of a pool's queues, in the order they are served. */
export async function queueRanks(tx: Db, poolId: string): Promise<{ id: string; priority: number }[]> {
  return tx
    .selectFrom("work_queue")
    .select(["id", "priority"])
    .where("work_pool_id", "=", poolId)
    .orderBy("priority")
    .orderBy("id")
    .execute();
}

export async function insertWorkQueue(tx: Db, row: WorkQueueRow): Promise<void> {
  await tx.insertInto("work_queue").values(row).execute();
}

export async function updateWorkQueue(tx: Db, id: string, changes: Partial<WorkQueueRow>): Promise<void> {
  await tx.updateTable("work_queue").set(changes).where("id", "=", id).execute();
}

export async function deleteWorkQueue(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("work_queue").where("id", "=", id).execute();
}

function withPool(db: Db) {
  return db
    .selectFrom("work_queue")
    .innerJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .selectAll("work_queue")
    .select("work_pool.name as work_pool_name");
}

function matching(db: Db, filter: WorkQueueFilter) {
  return withPool(db).where(workQueueCondition(db, filter));
}

export async function queuesById(db: Db, ids: readonly string[]): Promise<WorkQueue[]> {
  return withPool(db)
    .where((eb) => expressions(db).isIn(eb.ref("work_queue.id"), ids))
    .execute();
}

/** Queues that were polled are served, unless they are paused. */
export async function markQueuesPolled(tx: Db, ids: readonly string[], now: Timestamp): Promise<void> {
  await tx
    .updateTable("work_queue")
    .set((eb) => ({
      last_polled: now,
      status: eb.case().when("status", "=", "NOT_READY").then<QueueStatus>("READY").else(eb.ref("status")).end(),
    }))
    .where((eb) => expressions(tx).isIn(eb.ref("id"), ids))
    .execute();
}

/** How many runs of a queue are late. */
export async function countLateRuns(db: Db, queueId: string): Promise<number> {
  return countRows(
    db
      .selectFrom("flow_run")
      .where("work_queue_id", "=", queueId)
      .where("state_type", "=", "SCHEDULED")
      .where("state_name", "=", "Late"),
  );
}

export async function countQueuesOfPool(db: Db, poolId: string): Promise<number> {
  return countRows(db.selectFrom("work_queue").where("work_pool_id", "=", poolId));
}
