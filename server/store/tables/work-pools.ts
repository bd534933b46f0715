import type { Timestamp } from "../../values/timestamp.ts";
import type { Flag } from "./flag.ts";

export interface WorkPoolTables {
  work_pool: WorkPoolRow;
  work_queue: WorkQueueRow;
  worker: WorkerRow;
}

export interface WorkPoolRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  type: string;
  description: string | null;
  /** JSON. */
  base_job_template: string;
  is_paused: Flag;
  concurrency_limit: number | null;
  /** JSON. */
  storage_configuration: string;
  default_queue_id: string;
  /** Null for pools of type prefect-agent. */
  status: PoolStatus | null;
}

export type PoolStatus = "READY" | "NOT_READY" | "PAUSED";

export interface WorkQueueRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  description: string;
  is_paused: Flag;
  concurrency_limit: number | null;
  priority: number;
  work_pool_id: string;
  /** JSON; deprecated, but read back. */
  filter: string | null;
  last_polled: Timestamp | null;
  status: QueueStatus;
}

export type QueueStatus = "READY" | "NOT_READY" | "PAUSED";

export interface WorkerRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  work_pool_id: string;
  last_heartbeat_time: Timestamp;
  heartbeat_interval_seconds: number | null;
  status: WorkerStatus;
}

export type WorkerStatus = "ONLINE" | "OFFLINE";
