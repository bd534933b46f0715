import { schedulesOf } from "../../store/queries/deployment-schedules.ts";
import { type Deployment, deploymentById, updateDeployment } from "../../store/queries/deployments.ts";
import type { Db } from "../../store/store.ts";
import type { DeploymentRow } from "../../store/tables/deployments.ts";
import { parseJson, toJson } from "../../values/json.ts";
import type { Context } from "../context.ts";
import { retryOnDuplicate } from "../duplicates.ts";
import { checkJobVariables } from "../parameters/check-job-variables.ts";
import { checkParameters, hydrated } from "../parameters/check-parameters.ts";
import { transaction } from "../transaction.ts";
import { findWorkPool } from "../work-pools/work-pools.ts";
import { type DeploymentFields, deploymentColumns } from "./columns.ts";
import { findDeploymentLocked } from "./find.ts";
import { applyLimit } from "./limit.ts";
import { applySchedulePlan, planSchedules, type RequestedSchedule } from "./schedule-plan.ts";
import { reschedule } from "./schedules.ts";
import { requireLimit } from "./upsert.ts";
import { namedWorkQueue } from "./work-queue.ts";

export interface DeploymentChanges extends DeploymentFields {
  parameters?: Record<string, unknown> | undefined;
  schedules?: readonly RequestedSchedule[] | undefined;
}

/** Changes a deployment. Every change deletes the future runs of its schedules, which the scheduler creates anew, and checks its parameters
 *  against its schema, even when neither is in the request.
 *  Throws: ApiError. Source: prefect/server/api/deployments.py, update_deployment. */
export async function changeDeployment(outer: Context, id: string, changes: DeploymentChanges): Promise<void> {
  // Another request may create the agents' pool at the same time.
  await retryOnDuplicate(() => write(outer, id, changes));
}

async function write(outer: Context, id: string, changes: DeploymentChanges): Promise<void> {
  await transaction(outer, async (context, tx) => {
    const before = await findDeploymentLocked(tx, id, "Deployment not found.");
    const now = context.clock.now();
    const plan = planSchedules(await schedulesOf(tx, [id]), changes.schedules);
    await checkPool(tx, changes);
    const columns: Partial<DeploymentRow> = { updated: now, ...deploymentColumns(changes) };
    if (changes.parameters !== undefined) {
      columns.parameters = toJson(await hydrated(tx, changes.parameters, "deployment"));
    }
    checkAgainstSchema({ ...before, ...columns }, changes, before);
    await requireLimit(tx, changes.global_concurrency_limit_id);
    const queue = await namedWorkQueue(context, tx, detaches(changes) ? {} : changes);
    if (queue !== undefined || detaches(changes)) columns.work_queue_id = queue ?? null;
    await updateDeployment(tx, id, columns);
    const row = { ...before, ...columns };
    if (changes.concurrency_limit !== undefined) {
      const limitId = await applyLimit(
        context,
        tx,
        { id, limitId: row.concurrency_limit_id },
        changes.concurrency_limit,
      );
      await updateDeployment(tx, id, { concurrency_limit_id: limitId });
    }
    await applySchedulePlan(context, tx, row, plan);
    await reschedule(tx, row, now);
    const after = (await deploymentById(tx, id)) as Deployment;
    context.changes.report({ kind: "deployment", object: { before, after } });
  });
}

/** Null removes the deployment from its pool, whatever queue is in the request. */
function detaches({ work_pool_name }: DeploymentChanges): boolean {
  return work_pool_name === null;
}

/** Job variables are checked only when the request names the pool, as in Prefect. */
async function checkPool(tx: Db, { work_pool_name: name, job_variables: variables }: DeploymentChanges): Promise<void> {
  if (!name) return;
  // Prefect answers 500 without the pool.
  const pool = await findWorkPool(tx, name);
  if (variables == null) return;
  checkJobVariables(pool.base_job_template, [variables], {
    required: false,
    doing: "creating deployment",
    refusal: "conflict",
  });
}

function checkAgainstSchema(row: DeploymentRow, changes: DeploymentChanges, before: DeploymentRow): void {
  if (row.enforce_parameter_schema === 0) return;
  // An empty schema in the request is ignored.
  const own = changes.parameter_openapi_schema;
  const schema = own != null && Object.keys(own).length > 0 ? toJson(own) : before.parameter_openapi_schema;
  checkParameters(schema, parseJson(row.parameters), { required: false, doing: "updating deployment" });
}
