import { z } from "zod";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { limitsById } from "../../store/queries/concurrency-limits.ts";
import { schedulesOf } from "../../store/queries/deployment-schedules.ts";
import type { Deployment } from "../../store/queries/deployments.ts";
import type { Db } from "../../store/store.ts";
import type { DeploymentScheduleRow } from "../../store/tables/deployments.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { globalLimitView, presentGlobalLimit } from "../global-concurrency-limits/view.ts";

const id = view.uuid.nullable();
const text = view.text.nullable();
const document = view.document.nullable();

export const scheduleView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    deployment_id: view.uuid,
    schedule: view.document,
    active: view.flag,
    max_scheduled_runs: view.integer.nullable(),
    parameters: view.document,
    slug: text,
  })
  .meta({ id: "DeploymentSchedule" });

export const deploymentView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    version: text,
    description: text,
    flow_id: view.uuid,
    paused: view.flag,
    schedules: z.array(scheduleView),
    /** Always null: replaced by `global_concurrency_limit`. */
    concurrency_limit: view.integer.nullable(),
    global_concurrency_limit: globalLimitView.nullable(),
    concurrency_options: document,
    job_variables: view.document,
    parameters: view.document,
    tags: view.json,
    labels: view.document,
    work_queue_name: text,
    work_queue_id: id,
    last_polled: view.timestamp.nullable(),
    parameter_openapi_schema: document,
    path: text,
    pull_steps: view.json,
    entrypoint: text,
    storage_document_id: id,
    infrastructure_document_id: id,
    created_by: document,
    updated_by: document,
    work_pool_name: text,
    status: z.enum(["READY", "NOT_READY"]).nullable(),
    enforce_parameter_schema: view.flag,
  })
  .meta({ id: "DeploymentResponse" });

export type DeploymentView = z.input<typeof deploymentView>;

export function presentSchedule(row: DeploymentScheduleRow): z.input<typeof scheduleView> {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    deployment_id: row.deployment_id,
    schedule: new JsonText(row.schedule),
    active: row.active === 1,
    max_scheduled_runs: row.max_scheduled_runs,
    parameters: new JsonText(row.parameters),
    slug: row.slug,
  };
}

export async function presentDeployments(
  db: Db,
  deployments: readonly Deployment[],
  now: Timestamp,
): Promise<DeploymentView[]> {
  if (deployments.length === 0) return [];
  const schedules = Map.groupBy(
    await schedulesOf(
      db,
      deployments.map((deployment) => deployment.id),
    ),
    (schedule) => schedule.deployment_id,
  );
  const limitIds = deployments.flatMap(({ concurrency_limit_id }) => concurrency_limit_id ?? []);
  const limits = limitIds.length === 0 ? [] : await limitsById(db, limitIds);
  const limitOf = new Map(limits.map((limit) => [limit.id, presentGlobalLimit(limit, now)]));
  return deployments.map((row) => ({
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    version: row.version,
    description: row.description,
    flow_id: row.flow_id,
    paused: row.paused === 1,
    schedules: (schedules.get(row.id) ?? []).map(presentSchedule),
    concurrency_limit: null,
    global_concurrency_limit: limitOf.get(row.concurrency_limit_id ?? "") ?? null,
    concurrency_options: orNull(row.concurrency_options),
    job_variables: new JsonText(row.job_variables),
    parameters: new JsonText(row.parameters),
    tags: new JsonText(row.tags),
    labels: new JsonText(row.labels),
    // The queue may have been renamed since.
    work_queue_name: row.queue_name ?? row.work_queue_name,
    work_queue_id: row.work_queue_id,
    last_polled: row.last_polled,
    parameter_openapi_schema: orNull(row.parameter_openapi_schema),
    path: row.path,
    pull_steps: orNull(row.pull_steps),
    entrypoint: row.entrypoint,
    storage_document_id: row.storage_document_id,
    infrastructure_document_id: row.infrastructure_document_id,
    created_by: orNull(row.created_by),
    updated_by: orNull(row.updated_by),
    work_pool_name: row.work_pool_name,
    status: row.status,
    enforce_parameter_schema: row.enforce_parameter_schema === 1,
  }));
}

export async function presentDeployment(db: Db, deployment: Deployment, now: Timestamp): Promise<DeploymentView> {
  return (await presentDeployments(db, [deployment], now))[0] as DeploymentView;
}

function orNull(json: string | null): JsonText | null {
  return json === null ? null : new JsonText(json);
}
