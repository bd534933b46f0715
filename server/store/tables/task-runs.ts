import type { Timestamp } from "../../values/timestamp.ts";
import type { RunColumns, StateColumns } from "./flow-runs.ts";

export interface TaskRunTables {
  task_run: TaskRunRow;
  task_run_state: TaskRunStateRow;
  task_run_state_cache: TaskRunStateCacheRow;
}

/** Unique by flow run, task key and dynamic key, where there is a flow run. */
export interface TaskRunRow extends RunColumns {
  flow_run_id: string | null;
  task_key: string;
  dynamic_key: string;
  cache_key: string | null;
  cache_expiration: Timestamp | null;
  task_version: string | null;
  /** The attempt of the flow run that its latest attempt belongs to. */
  flow_run_run_count: number;
  /** JSON object: what each parameter came from. */
  task_inputs: string;
}

export interface TaskRunStateRow extends StateColumns {
  task_run_id: string;
}

/** A completed state that later runs with the same key may reuse. */
export interface TaskRunStateCacheRow {
  task_run_state_id: string;
  created: Timestamp;
  cache_key: string;
  cache_expiration: Timestamp | null;
}
