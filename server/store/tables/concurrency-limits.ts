import type { Timestamp } from "../../values/timestamp.ts";
import type { Flag } from "./flag.ts";

export interface ConcurrencyLimitTables {
  concurrency_limit: ConcurrencyLimitRow;
  concurrency_lease: ConcurrencyLeaseRow;
  concurrency_lease_limit: ConcurrencyLeaseLimitRow;
}

/** All limits: global ones, `tag:<tag>` and `deployment:<id>`. */
export interface ConcurrencyLimitRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  limit: number;
  active: Flag;
  active_slots: number;
  /** When `active_slots` was written; slots decay from then on. */
  active_since: Timestamp;
  denied_slots: number;
  denied_since: Timestamp;
  slot_decay_per_second: number;
  avg_slot_occupancy_seconds: number;
}

/** Slots taken until a moment, unless renewed or given back. */
export interface ConcurrencyLeaseRow {
  id: string;
  created: Timestamp;
  expires: Timestamp;
  slots: number;
  holder_type: "flow_run" | "task_run" | "deployment" | null;
  holder_id: string | null;
}

/** Which limits a lease holds slots of. */
export interface ConcurrencyLeaseLimitRow {
  lease_id: string;
  limit_id: string;
}
