import type { DeploymentRow } from "../../store/tables/deployments.ts";
import { toJson } from "../../values/json.ts";

/** Fields of both create and update. Absent: unchanged. */
export interface DeploymentFields {
  description?: string | null | undefined;
  version?: string | null | undefined;
  path?: string | null | undefined;
  entrypoint?: string | null | undefined;
  paused?: boolean | undefined;
  tags?: readonly string[] | undefined;
  parameter_openapi_schema?: object | null | undefined;
  enforce_parameter_schema?: boolean | undefined;
  /** Empty and null keep them: they can't be cleared, as in Prefect. */
  job_variables?: Record<string, unknown> | null | undefined;
  pull_steps?: readonly object[] | null | undefined;
  /** Null: in no pool. */
  work_pool_name?: string | null | undefined;
  work_queue_name?: string | null | undefined;
  /** Slots of a limit of its own; null deletes the limit it has. */
  concurrency_limit?: number | null | undefined;
  concurrency_options?: object | null | undefined;
  /** A limit to share. */
  global_concurrency_limit_id?: string | null | undefined;
  storage_document_id?: string | null | undefined;
  infrastructure_document_id?: string | null | undefined;
}

/** The columns that need no other object. */
export function deploymentColumns(fields: DeploymentFields): Partial<DeploymentRow> {
  const columns: Partial<DeploymentRow> = {};
  for (const name of PLAIN) if (fields[name] !== undefined) columns[name] = fields[name];
  for (const name of JSON_OR_NULL) {
    if (fields[name] !== undefined) columns[name] = fields[name] === null ? null : toJson(fields[name]);
  }
  const { paused, enforce_parameter_schema: enforce, tags, job_variables: variables } = fields;
  if (paused !== undefined) columns.paused = paused ? 1 : 0;
  if (enforce !== undefined) columns.enforce_parameter_schema = enforce ? 1 : 0;
  if (tags !== undefined) columns.tags = toJson(tags);
  if (variables != null && Object.keys(variables).length > 0) columns.job_variables = toJson(variables);
  if (fields.global_concurrency_limit_id !== undefined)
    columns.concurrency_limit_id = fields.global_concurrency_limit_id;
  return columns;
}

const PLAIN = [
  "description",
  "version",
  "path",
  "entrypoint",
  "work_queue_name",
  "storage_document_id",
  "infrastructure_document_id",
] as const;

const JSON_OR_NULL = ["parameter_openapi_schema", "pull_steps", "concurrency_options"] as const;
