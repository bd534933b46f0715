import type { Timestamp } from "../../values/timestamp.ts";

export interface WorkerCleanupTables {
  worker_cleanup: WorkerCleanupRow;
}

/** A cleanup for a worker of the pool. A worker that holds it has a lease; the last three columns are null when none does. */
export interface WorkerCleanupRow {
  id: string;
  created: Timestamp;
  work_pool_id: string;
  /** The queue whose workers get it first. */
  work_queue_id: string | null;
  kind: WorkerCleanupKind;
  /** JSON object. */
  target: string;
  /** How often it was delivered. */
  deliveries: number;
  /** The worker's consumer id and name. */
  holder: string | null;
  token: string | null;
  lease_expires: Timestamp | null;
}

export type WorkerCleanupKind = "cancelling_timeout_teardown.v1" | "pending_claim_teardown.v1";
