import type { Timestamp } from "../../values/timestamp.ts";
import type { Flag } from "./flag.ts";

export interface DeploymentTables {
  deployment: DeploymentRow;
  deployment_schedule: DeploymentScheduleRow;
}

export interface DeploymentRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  flow_id: string;
  description: string | null;
  version: string | null;
  path: string | null;
  entrypoint: string | null;
  paused: Flag;
  /** JSON list of strings. */
  tags: string;
  /** JSON object. */
  labels: string;
  /** JSON object. */
  parameters: string;
  /** JSON object. */
  parameter_openapi_schema: string | null;
  enforce_parameter_schema: Flag;
  /** JSON object. */
  job_variables: string;
  /** JSON list of objects. */
  pull_steps: string | null;
  /** Null: no worker serves it. */
  work_queue_id: string | null;
  /** As requested; stays when the queue is deleted. */
  work_queue_name: string | null;
  /** The limit's row, a shared one or its own (`deployment:<id>`). */
  concurrency_limit_id: string | null;
  /** JSON object. */
  concurrency_options: string | null;
  storage_document_id: string | null;
  infrastructure_document_id: string | null;
  last_polled: Timestamp | null;
  status: DeploymentStatus;
  /** JSON object. */
  created_by: string | null;
  /** JSON object. */
  updated_by: string | null;
}

export type DeploymentStatus = "READY" | "NOT_READY";

export interface DeploymentScheduleRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  deployment_id: string;
  /** JSON object: an interval, cron or rrule schedule, normalised. */
  schedule: string;
  active: Flag;
  max_scheduled_runs: number | null;
  /** JSON object; override the deployment's. */
  parameters: string;
  slug: string | null;
  /** When the scheduler processes it next. Null: never, since it is inactive, its deployment is paused, or no time follows. */
  due: Timestamp | null;
}
