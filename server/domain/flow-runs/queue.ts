import type { Db } from "../../store/store.ts";
import { findWorkPool } from "../work-pools/work-pools.ts";
import { findWorkQueue } from "../work-pools/work-queues.ts";

/** The id of the queue that is named, or else of the pool's default queue. Throws: ApiError `not_found`. */
export async function queueForRun(db: Db, poolName: string, queueName: string | null): Promise<string> {
  if (queueName) return (await findWorkQueue(db, poolName, queueName)).id;
  return (await findWorkPool(db, poolName)).default_queue_id;
}
