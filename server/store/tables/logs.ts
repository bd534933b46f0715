import type { Timestamp } from "../../values/timestamp.ts";

export interface LogTables {
  log: LogRow;
}

export interface LogRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  /** The logger's name. */
  name: string;
  /** As Python's: 20 is INFO. */
  level: number;
  message: string;
  /** By the sender's clock. */
  timestamp: Timestamp;
  flow_run_id: string | null;
  task_run_id: string | null;
}
