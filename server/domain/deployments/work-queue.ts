import { workQueueByName } from "../../store/queries/work-pools/work-queues.ts";
import type { Db } from "../../store/store.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { findWorkPool, findWorkPoolLocked } from "../work-pools/work-pools.ts";
import { addWorkQueue, agentQueueNamed, DEFAULT_QUEUE_FIELDS } from "../work-pools/work-queues.ts";

/** Which queue a deployment names, by its id: the pool's queue of that name, else the pool's default queue, else a queue of the agents'
 *  pool. Queues that are missing are made. `undefined`: neither is named. Throws: ApiError `not_found` for the pool. */
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

/** The id of a pool's queue, which is made if need be. Throws: ApiError `not_found` for the pool. */
export async function queueInPool(context: Context, tx: Db, poolName: string, name: string): Promise<string> {
  const known = await workQueueByName(tx, poolName, name);
  if (known !== undefined) return known.id;
  const pool = await findWorkPoolLocked(tx, poolName);
  // Somebody else may have made it until the pool was ours.
  const queue =
    (await workQueueByName(tx, poolName, name)) ??
    (await addWorkQueue(context, tx, pool, { ...DEFAULT_QUEUE_FIELDS, name: checked(name) }));
  return queue.id;
}

/** Names that no queue may have make upstream fail. */
function checked(name: string): string {
  if (/^[^/%&><]+$/.test(name)) return name;
  throw new ApiError("unprocessable", `'${name}' can't be the name of a work queue: it contains one of / % & > <`);
}
