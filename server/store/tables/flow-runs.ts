import type { Timestamp } from "../../values/timestamp.ts";
import type { Flag } from "./flag.ts";

export interface FlowRunTables {
  flow: FlowRow;
  flow_run: FlowRunRow;
  flow_run_state: FlowRunStateRow;
  flow_run_input: FlowRunInputRow;
}

export interface FlowRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  /** JSON list of strings. */
  tags: string;
  /** JSON object. */
  labels: string;
}

export const STATE_TYPES = [
  "SCHEDULED",
  "PENDING",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "CRASHED",
  "PAUSED",
  "CANCELLING",
] as const;

export type StateType = (typeof STATE_TYPES)[number];

/** Columns of flow runs and task runs that follow from their states. */
export interface StateDerivedColumns {
  /** The current state; null until the first one. */
  state_id: string | null;
  state_type: StateType | null;
  state_name: string | null;
  state_timestamp: Timestamp | null;
  /** How often it went RUNNING. */
  run_count: number;
  expected_start_time: Timestamp | null;
  /** Only while SCHEDULED. */
  next_scheduled_start_time: Timestamp | null;
  start_time: Timestamp | null;
  end_time: Timestamp | null;
  /** Seconds spent RUNNING, without the current RUNNING state. */
  total_run_time: number;
}

/** Columns of both flow runs and task runs. */
export interface RunColumns extends StateDerivedColumns {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  /** JSON list of strings. */
  tags: string;
  /** JSON object. */
  labels: string;
  /** JSON object: FlowRunPolicy or TaskRunPolicy. */
  empirical_policy: string;
}

export interface FlowRunRow extends RunColumns {
  flow_id: string;
  /** May refer to a deleted deployment. */
  deployment_id: string | null;
  deployment_version: string | null;
  work_queue_id: string | null;
  /** As requested; stays when the queue is deleted. */
  work_queue_name: string | null;
  flow_version: string | null;
  /** JSON object. */
  parameters: string;
  /** Unique in its flow. */
  idempotency_key: string | null;
  /** JSON object. */
  context: string;
  parent_task_run_id: string | null;
  auto_scheduled: Flag;
  /** Its own process waits for the retry: no worker may take it. From the policy's `retry_type`, for polls. */
  retries_in_process: Flag;
  infrastructure_document_id: string | null;
  infrastructure_pid: string | null;
  /** JSON object. */
  created_by: string | null;
  /** JSON object. */
  job_variables: string | null;
}

/** Columns of the states of both. Timestamps are unique within a run. */
export interface StateColumns {
  id: string;
  type: StateType;
  name: string;
  timestamp: Timestamp;
  message: string | null;
  /** JSON of any kind; null: none. */
  data: string | null;
  /** JSON object, with every member present. */
  state_details: string;
}

export interface FlowRunStateRow extends StateColumns {
  flow_run_id: string;
}

/** An input for a run. */
export interface FlowRunInputRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  flow_run_id: string;
  key: string;
  /** Text, JSON by convention. */
  value: string;
  sender: string | null;
}
