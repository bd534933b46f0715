import { deleteWorker, saveHeartbeat } from "../../store/queries/work-pools/workers.ts";
import type { Db } from "../../store/store.ts";
import type { WorkPoolRow } from "../../store/tables/work-pools.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { transaction } from "../transaction.ts";
import { findWorkPoolLocked, writeWorkPool } from "./work-pools.ts";

export interface LiveWorker {
  name: string;
  /** Null: as before, or else 30 s. */
  intervalSeconds: number | null;
}

/** Records a worker's heartbeat, by which its pool becomes ready. Returns the pool after it. Throws: ApiError `not_found` for the pool. */
export async function recordHeartbeat(context: Context, poolName: string, worker: LiveWorker): Promise<WorkPoolRow> {
  return transaction(context, async (context, tx) =>
    keepAlive(context, tx, await findWorkPoolLocked(tx, poolName), worker),
  );
}

/** The same for a pool that the write has locked. */
export async function keepAlive(context: Context, tx: Db, pool: WorkPoolRow, worker: LiveWorker): Promise<WorkPoolRow> {
  const now = context.clock.now();
  await saveHeartbeat(tx, {
    id: context.ids.uuid4(),
    created: now,
    updated: now,
    name: worker.name,
    work_pool_id: pool.id,
    last_heartbeat_time: now,
    heartbeat_interval_seconds: worker.intervalSeconds,
    status: "ONLINE",
  });
  if (pool.status !== "NOT_READY") return pool;
  return writeWorkPool(context, tx, pool, { updated: now, status: "READY" });
}

/** Throws: ApiError `not_found`, for the pool or for the worker. */
export async function removeWorker({ store }: Context, poolName: string, name: string): Promise<void> {
  await store.write(async (tx) => {
    const pool = await findWorkPoolLocked(tx, poolName);
    if (!(await deleteWorker(tx, pool.id, name))) throw new ApiError("not_found", "Worker not found.");
  });
}
