import { workQueueByName } from "../../store/queries/work-pools/work-queues.ts";
import type { Db } from "../../store/store.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { findWorkPool, findWorkPoolLocked } from "../work-pools/work-pools.ts";
import { addWorkQueue, agentQueueNamed, DEFAULT_QUEUE_FIELDS } from "../work-pools/work-queues.ts";

/** The id of the queue that a deployment names: the pool's queue of that name, the pool's default queue, or without a pool a queue of the
 *  agents' pool. Missing queues are created. `undefined`: neither is named. Throws: ApiError `not_found` for the pool. */
export async function namedWorkQueue(
  context: Context,
  tx: Db,
  { work_pool_name: pool, work_queue_name: queue }: Named,
): Promise<string | undefined> {
  if (pool) return queue ? queueInPool(context, tx, pool, queue) : (await findWorkPool(tx, pool)).default_queue_id;
  return queue ? (await agentQueueNamed(context, tx, checked(queue))).id : undefined;
}

interface Named {
  work_pool_name?: string | null | undefined;
  work_queue_name?: string | null | undefined;
}

/** The id of a pool's queue, which is created if missing. Throws: ApiError `not_found` for the pool. */
export async function queueInPool(context: Context, tx: Db, poolName: string, name: string): Promise<string> {
  const known = await workQueueByName(tx, poolName, name);
  if (known !== undefined) return known.id;
  const pool = await findWorkPoolLocked(tx, poolName);
  // Another write may have created it before the pool was locked.
  const queue =
    (await workQueueByName(tx, poolName, name)) ??
    (await addWorkQueue(context, tx, pool, { ...DEFAULT_QUEUE_FIELDS, name: checked(name) }));
  return queue.id;
}

/** Prefect answers 500 for invalid names. */
function checked(name: string): string {
  if (/^[^/%&><]+$/.test(name)) return name;
  throw new ApiError("unprocessable", `'${name}' can't be the name of a work queue: it contains one of / % & > <`);
}
