import { sql } from "kysely";
import type { Timestamp } from "../../../values/timestamp.ts";
import { Conditions, type Operator } from "../../sql/conditions.ts";
import type { Page } from "../../sql/page.ts";
import type { Db } from "../../store.ts";
import type { WorkerRow, WorkerStatus } from "../../tables/work-pools.ts";

export interface WorkerFilter {
  operator?: Operator | undefined;
  status?:
    | { any_?: WorkerStatus[] | null | undefined; not_any_?: WorkerStatus[] | null | undefined }
    | null
    | undefined;
  last_heartbeat_time?:
    | { before_?: Timestamp | null | undefined; after_?: Timestamp | null | undefined }
    | null
    | undefined;
}

/** A pool's workers, the latest heartbeat first. */
export async function listWorkers(db: Db, poolId: string, filter: WorkerFilter, page: Page): Promise<WorkerRow[]> {
  return db
    .selectFrom("worker")
    .selectAll()
    .where("work_pool_id", "=", poolId)
    .where((eb) =>
      new Conditions(db, eb)
        .column(eb.ref("status"), filter.status)
        .column(eb.ref("last_heartbeat_time"), filter.last_heartbeat_time)
        .join(filter.operator),
    )
    .orderBy("last_heartbeat_time", "desc")
    .orderBy("id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function anyWorkerOnline(db: Db, poolId: string): Promise<boolean> {
  const row = await db
    .selectFrom("worker")
    .select("id")
    .where("work_pool_id", "=", poolId)
    .where("status", "=", "ONLINE")
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Upserts the worker; a null interval keeps the old one. */
export async function saveHeartbeat(tx: Db, row: WorkerRow): Promise<void> {
  await tx
    .insertInto("worker")
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(["work_pool_id", "name"]).doUpdateSet({
        updated: row.updated,
        last_heartbeat_time: row.last_heartbeat_time,
        status: row.status,
        heartbeat_interval_seconds: sql`coalesce(excluded.heartbeat_interval_seconds, worker.heartbeat_interval_seconds)`,
      }),
    )
    .execute();
}

/** Whether there was one. */
export async function deleteWorker(tx: Db, poolId: string, name: string): Promise<boolean> {
  const result = await tx
    .deleteFrom("worker")
    .where("work_pool_id", "=", poolId)
    .where("name", "=", name)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
