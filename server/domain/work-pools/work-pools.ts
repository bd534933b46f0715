import {
  deleteWorkPool,
  insertWorkPool,
  lockWorkPool,
  updateWorkPool,
  workPoolByName,
} from "../../store/queries/work-pools/work-pools.ts";
import { insertWorkQueue, queuesOfPool } from "../../store/queries/work-pools/work-queues.ts";
import { anyWorkerOnline } from "../../store/queries/work-pools/workers.ts";
import type { Db } from "../../store/store.ts";
import type { WorkPoolRow, WorkQueueRow } from "../../store/tables/work-pools.ts";
import { toJson } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { conflictOnDuplicate } from "../duplicates.ts";
import { transaction } from "../transaction.ts";
import { poolStatus } from "./statuses.ts";

export interface NewWorkPool {
  name: string;
  description: string | null;
  type: string;
  base_job_template: object;
  is_paused: boolean;
  concurrency_limit: number | null;
  storage_configuration: object;
}

export type WorkPoolChanges = Partial<Omit<NewWorkPool, "name" | "type">>;

/** Names that are reserved for the server. */
export function isReserved(name: string): boolean {
  return name.toLowerCase().startsWith("prefect");
}

export async function createWorkPool(context: Context, newPool: NewWorkPool): Promise<WorkPoolRow> {
  if (isReserved(newPool.name)) {
    throw new ApiError("forbidden", "Work pools starting with 'Prefect' are reserved for internal use.");
  }
  return conflictOnDuplicate("A work pool with this name already exists.", () =>
    transaction(context, (context, tx) => addWorkPool(context, tx, newPool)),
  );
}

/** Creates the pool and its default queue, inside a `transaction`. */
export async function addWorkPool(
  { ids, clock, changes }: Context,
  tx: Db,
  newPool: NewWorkPool,
): Promise<WorkPoolRow> {
  const now = clock.now();
  const pool: WorkPoolRow = {
    id: ids.uuid4(),
    created: now,
    updated: now,
    ...toColumns(newPool),
    name: newPool.name,
    type: newPool.type,
    default_queue_id: ids.uuid4(),
    status: poolStatus({ type: newPool.type, isPaused: newPool.is_paused, workerOnline: false }),
  };
  const queue = defaultQueue(pool);
  await insertWorkPool(tx, pool);
  await insertWorkQueue(tx, queue);
  changes.report({ kind: "work-queue", object: { before: null, after: { ...queue, work_pool_name: pool.name } } });
  changes.report({ kind: "work-pool", object: { before: null, after: pool } });
  return pool;
}

function defaultQueue(pool: WorkPoolRow): WorkQueueRow {
  return {
    id: pool.default_queue_id,
    created: pool.created,
    updated: pool.created,
    name: "default",
    description: "The work pool's default queue.",
    is_paused: 0,
    concurrency_limit: null,
    priority: 1,
    work_pool_id: pool.id,
    filter: null,
    last_polled: null,
    status: "NOT_READY",
  };
}

/** Throws: ApiError `not_found`. */
export async function findWorkPool(db: Db, name: string): Promise<WorkPoolRow> {
  return found(await workPoolByName(db, name), name);
}

/** As findWorkPool, and locks the pool until the write ends. */
export async function findWorkPoolLocked(tx: Db, name: string): Promise<WorkPoolRow> {
  return found(await lockWorkPool(tx, name), name);
}

function found(pool: WorkPoolRow | undefined, name: string): WorkPoolRow {
  if (pool === undefined) throw new ApiError("not_found", `Work pool "${name}" not found.`);
  return pool;
}

export async function changeWorkPool(context: Context, name: string, changes: WorkPoolChanges): Promise<void> {
  if (isReserved(name) && Object.keys(changes).some((key) => key !== "is_paused" && key !== "concurrency_limit")) {
    throw new ApiError(
      "forbidden",
      "Work pools starting with 'Prefect' are reserved for internal use and can only be updated to set concurrency limits or pause.",
    );
  }
  await transaction(context, async (context, tx) => {
    const pool = await findWorkPoolLocked(tx, name);
    const row: Partial<WorkPoolRow> = { updated: context.clock.now(), ...toColumns(changes) };
    if (changes.is_paused !== undefined) {
      const workerOnline = await anyWorkerOnline(tx, pool.id);
      row.status = poolStatus({ type: pool.type, isPaused: changes.is_paused, workerOnline });
    }
    await writeWorkPool(context, tx, pool, row);
  });
}

/** Changes a pool that the write has locked, and reports it, inside a `transaction`. */
export async function writeWorkPool(
  { changes }: Context,
  tx: Db,
  before: WorkPoolRow,
  columns: Partial<WorkPoolRow>,
): Promise<WorkPoolRow> {
  await updateWorkPool(tx, before.id, columns);
  const after = { ...before, ...columns };
  changes.report({ kind: "work-pool", object: { before, after } });
  return after;
}

export async function removeWorkPool(context: Context, name: string): Promise<void> {
  if (isReserved(name)) {
    throw new ApiError(
      "forbidden",
      "Work pools starting with 'Prefect' are reserved for internal use and can not be deleted.",
    );
  }
  await transaction(context, async ({ changes }, tx) => {
    const pool = await findWorkPoolLocked(tx, name);
    for (const before of await queuesOfPool(tx, pool.id)) {
      changes.report({ kind: "work-queue", object: { before, after: null } });
    }
    await deleteWorkPool(tx, pool.id);
    changes.report({ kind: "work-pool", object: { before: pool, after: null } });
  });
}

function toColumns(newPool: NewWorkPool): Pick<WorkPoolRow, keyof WorkPoolChanges>;
function toColumns(changes: WorkPoolChanges): Partial<Pick<WorkPoolRow, keyof WorkPoolChanges>>;
function toColumns(changes: WorkPoolChanges): Partial<Pick<WorkPoolRow, keyof WorkPoolChanges>> {
  const { description, is_paused, concurrency_limit, base_job_template, storage_configuration } = changes;
  return {
    ...(description !== undefined && { description }),
    ...(is_paused !== undefined && { is_paused: is_paused ? 1 : 0 }),
    ...(concurrency_limit !== undefined && { concurrency_limit }),
    ...(base_job_template !== undefined && { base_job_template: toJson(base_job_template) }),
    ...(storage_configuration !== undefined && { storage_configuration: toJson(storage_configuration) }),
  };
}
