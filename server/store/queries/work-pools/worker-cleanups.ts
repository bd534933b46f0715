import type { Timestamp } from "../../../values/timestamp.ts";
import { countRows } from "../../sql/count-rows.ts";
import { expressions } from "../../sql/expressions.ts";
import type { Db } from "../../store.ts";
import type { WorkerCleanupKind, WorkerCleanupRow } from "../../tables/worker-cleanups.ts";

export async function insertCleanup(tx: Db, row: WorkerCleanupRow): Promise<void> {
  await tx.insertInto("worker_cleanup").values(row).execute();
}

/** A cleanup, locked until the write ends. */
export async function lockCleanup(tx: Db, id: string): Promise<WorkerCleanupRow | undefined> {
  return tx.selectFrom("worker_cleanup").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

export interface CleanupCriteria {
  poolId: string;
  kinds: readonly WorkerCleanupKind[];
  /** Their cleanups come before others. */
  queueIds: readonly string[];
  now: Timestamp;
}

/** The oldest cleanup of the pool that no worker holds. */
export async function nextCleanup(db: Db, criteria: CleanupCriteria): Promise<WorkerCleanupRow | undefined> {
  return waiting(db, criteria).executeTakeFirst();
}

/** The same, locked until the write ends; cleanups that another write has locked are skipped. */
export async function lockNextCleanup(tx: Db, criteria: CleanupCriteria): Promise<WorkerCleanupRow | undefined> {
  const query = waiting(tx, criteria);
  return (expressions(tx).locksRows ? query.forUpdate().skipLocked() : query).executeTakeFirst();
}

function waiting(db: Db, { poolId, kinds, queueIds, now }: CleanupCriteria) {
  const { isIn } = expressions(db);
  return db
    .selectFrom("worker_cleanup")
    .selectAll()
    .where("work_pool_id", "=", poolId)
    .where((eb) => isIn(eb.ref("kind"), kinds))
    .where((eb) => eb.or([eb("lease_expires", "is", null), eb("lease_expires", "<=", now)]))
    .orderBy((eb) =>
      eb
        .case()
        .when(isIn(eb.ref("work_queue_id"), queueIds))
        .then(0)
        .else(1)
        .end(),
    )
    .orderBy("created")
    .orderBy("id")
    .limit(1);
}

/** How many cleanups of the pool a worker holds. */
export async function cleanupsInHand(db: Db, poolId: string, holder: string, now: Timestamp): Promise<number> {
  return countRows(
    db
      .selectFrom("worker_cleanup")
      .where("work_pool_id", "=", poolId)
      .where("holder", "=", holder)
      .where("lease_expires", ">", now),
  );
}

export async function updateCleanup(tx: Db, id: string, changes: Partial<WorkerCleanupRow>): Promise<void> {
  await tx.updateTable("worker_cleanup").set(changes).where("id", "=", id).execute();
}

export async function deleteCleanup(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("worker_cleanup").where("id", "=", id).execute();
}

export async function anyCleanupBefore(db: Db, before: Timestamp): Promise<boolean> {
  const query = db.selectFrom("worker_cleanup").select("id").where("created", "<", before).limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

export async function deleteCleanupsBefore(tx: Db, before: Timestamp): Promise<void> {
  await tx.deleteFrom("worker_cleanup").where("created", "<", before).execute();
}
