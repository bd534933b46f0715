import type { PoolStatus, QueueStatus, WorkerRow, WorkerStatus } from "../../store/tables/work-pools.ts";
import { secondsBetween, type Timestamp } from "../../values/timestamp.ts";

/** The statuses of pools, queues and workers (prefect/server/models, services/foreman.py). Pure. */

const DEFAULT_HEARTBEAT_SECONDS = 30;
/** A worker is offline after this many missed heartbeats. */
const MISSED_HEARTBEATS = 3;
/** A queue or deployment that was not polled for so long is not ready. */
export const POLL_TIMEOUT_SECONDS = 60;

/** As it is now, whatever is stored. */
export function workerStatus(
  worker: Pick<WorkerRow, "last_heartbeat_time" | "heartbeat_interval_seconds">,
  now: Timestamp,
): WorkerStatus {
  const patience = (worker.heartbeat_interval_seconds || DEFAULT_HEARTBEAT_SECONDS) * MISSED_HEARTBEATS;
  return secondsBetween(worker.last_heartbeat_time, now) < patience ? "ONLINE" : "OFFLINE";
}

/** The type of pools that Prefect 2's agents serve. They have no status. */
export const AGENT_POOL_TYPE = "prefect-agent";

/** A pool's status after it was paused or resumed. */
export function poolStatus(pool: { type: string; isPaused: boolean; workerOnline: boolean }): PoolStatus | null {
  if (pool.type === AGENT_POOL_TYPE) return null;
  if (pool.isPaused) return "PAUSED";
  return pool.workerOnline ? "READY" : "NOT_READY";
}

/** A queue's status after it was paused or resumed: ready only if it was polled recently. */
export function queueStatus(queue: { isPaused: boolean; lastPolled: Timestamp | null }, now: Timestamp): QueueStatus {
  if (queue.isPaused) return "PAUSED";
  const polled = queue.lastPolled !== null && secondsBetween(queue.lastPolled, now) <= POLL_TIMEOUT_SECONDS;
  return polled ? "READY" : "NOT_READY";
}
