import { blockDocumentById } from "../../store/queries/blocks.ts";
import { limitById } from "../../store/queries/concurrency-limits.ts";
import { deleteSchedulesOf } from "../../store/queries/deployment-schedules.ts";
import {
  type Deployment,
  deploymentById,
  insertDeployment,
  lockDeployment,
  updateDeployment,
} from "../../store/queries/deployments.ts";
import { flowById } from "../../store/queries/flows.ts";
import type { Db } from "../../store/store.ts";
import type { DeploymentRow } from "../../store/tables/deployments.ts";
import { parseJson, toJson } from "../../values/json.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { retryOnDuplicate } from "../duplicates.ts";
import { checkJobVariables } from "../parameters/check-job-variables.ts";
import { transaction } from "../transaction.ts";
import { findWorkPool } from "../work-pools/work-pools.ts";
import { type DeploymentFields, deploymentColumns } from "./columns.ts";
import { applyLimit } from "./limit.ts";
import { addSchedules, type NewDeploymentSchedule, reschedule } from "./schedules.ts";
import { namedWorkQueue } from "./work-queue.ts";

export interface NewDeployment extends DeploymentFields {
  name: string;
  flow_id: string;
  parameters: Record<string, unknown>;
  schedules: readonly NewDeploymentSchedule[];
  labels: object;
}

/** Creates a deployment, or updates the flow's deployment of that name: missing fields keep their values, except for parameters, labels and
 *  schedules, which are replaced.
 *  Throws: ApiError `not_found` for pool or limit, `unprocessable` for job variables, `conflict` for blocks; StoreError `reference` for the
 *  flow, `duplicate` for the slug of a schedule. Source: prefect/server/api/deployments.py, create_deployment. */
export async function upsertDeployment(
  outer: Context,
  newDeployment: NewDeployment,
): Promise<{ deployment: Deployment; created: boolean }> {
  // Another request may create the agents' pool at the same time.
  return retryOnDuplicate(() => upsert(outer, newDeployment));
}

async function upsert(
  outer: Context,
  newDeployment: NewDeployment,
): Promise<{ deployment: Deployment; created: boolean }> {
  return transaction(outer, async (context, tx) => {
    await checkReferences(tx, newDeployment);
    const now = context.clock.now();
    const columns: Partial<DeploymentRow> = {
      updated: now,
      ...deploymentColumns(newDeployment),
      parameters: toJson(newDeployment.parameters),
      labels: toJson(await labelsOf(tx, newDeployment)),
    };
    const queue = await namedWorkQueue(context, tx, newDeployment);
    if (queue !== undefined) columns.work_queue_id = queue;
    const { before, row } = await put(context, tx, newDeployment, columns, now);
    await deleteSchedulesOf(tx, row.id);
    if (before !== undefined) await reschedule(tx, row, now);
    await addSchedules(context, tx, row, newDeployment.schedules);
    if (newDeployment.concurrency_limit !== undefined) {
      const limitId = await applyLimit(
        context,
        tx,
        { id: row.id, limitId: row.concurrency_limit_id },
        newDeployment.concurrency_limit,
      );
      await updateDeployment(tx, row.id, { concurrency_limit_id: limitId });
    }
    const deployment = (await deploymentById(tx, row.id)) as Deployment;
    context.changes.report({ kind: "deployment", object: { before: before ?? null, after: deployment } });
    return { deployment, created: before === undefined };
  });
}

/** Inserts the deployment, or updates the existing one. */
async function put(
  { ids }: Context,
  tx: Db,
  { flow_id, name }: NewDeployment,
  columns: Partial<DeploymentRow>,
  now: Timestamp,
): Promise<{ before: Deployment | undefined; row: DeploymentRow }> {
  const row: DeploymentRow = {
    ...DEFAULT_COLUMNS,
    id: ids.uuid4(),
    created: now,
    updated: now,
    flow_id,
    name,
    ...columns,
  };
  const known = await lockDeployment(tx, { flowId: flow_id, name });
  if (known === undefined && (await insertDeployment(tx, row))) return { before: undefined, row };
  // Another process may have created it in between.
  const before = known ?? ((await lockDeployment(tx, { flowId: flow_id, name })) as Deployment);
  await updateDeployment(tx, before.id, columns);
  return { before, row: { ...before, ...columns } };
}

/** The columns of a deployment that has only a name. */
const DEFAULT_COLUMNS: Omit<DeploymentRow, "id" | "created" | "updated" | "name" | "flow_id"> = {
  description: null,
  version: null,
  path: null,
  entrypoint: null,
  paused: 0,
  tags: "[]",
  labels: "{}",
  parameters: "{}",
  parameter_openapi_schema: "{}",
  enforce_parameter_schema: 1,
  job_variables: "{}",
  pull_steps: "[]",
  work_queue_id: null,
  work_queue_name: null,
  concurrency_limit_id: null,
  concurrency_options: null,
  storage_document_id: null,
  infrastructure_document_id: null,
  last_polled: null,
  status: "NOT_READY",
  created_by: null,
  updated_by: null,
};

async function labelsOf(tx: Db, { flow_id, labels }: NewDeployment): Promise<object> {
  const flow = await flowById(tx, flow_id);
  return { ...parseJson(flow?.labels ?? "{}"), "prefect.flow.id": flow_id, ...labels };
}

async function checkReferences(tx: Db, newDeployment: NewDeployment): Promise<void> {
  const { work_pool_name: poolName, job_variables: variables, global_concurrency_limit_id: limitId } = newDeployment;
  if (poolName) {
    const pool = await findWorkPool(tx, poolName);
    if (variables != null && Object.keys(variables).length > 0) {
      checkJobVariables(pool.base_job_template, [variables], { required: false, doing: "creating deployment" });
    }
  }
  await requireLimit(tx, limitId);
  await requireBlocks(tx, newDeployment);
}

/** Throws: ApiError `not_found`. */
export async function requireLimit(tx: Db, id: string | null | undefined): Promise<void> {
  if (id != null && (await limitById(tx, id)) === undefined)
    throw new ApiError("not_found", "Concurrency limit not found");
}

/** Throws: ApiError `conflict`. */
async function requireBlocks(
  tx: Db,
  { infrastructure_document_id: infrastructure, storage_document_id: storage }: NewDeployment,
): Promise<void> {
  await requireBlock(tx, "infrastructure", infrastructure);
  await requireBlock(tx, "storage", storage);
}

async function requireBlock(tx: Db, purpose: string, id: string | null | undefined): Promise<void> {
  if (id == null || (await blockDocumentById(tx, id)) !== undefined) return;
  throw new ApiError(
    "conflict",
    `Error creating deployment. Could not find ${purpose} block with id: ${id}. This usually occurs when applying a deployment specification that was built against a different Prefect database / workspace.`,
  );
}
