import type { Deployment } from "../../store/queries/deployments.ts";
import type { FlowRun } from "../../store/queries/runs/flow-runs.ts";
import { workPoolByName } from "../../store/queries/work-pools/work-pools.ts";
import type { Db } from "../../store/store.ts";
import { parseJson } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { createFlowRun } from "../flow-runs/create.ts";
import type { FlowRunPolicy } from "../orchestration/policy.ts";
import type { NewState } from "../orchestration/state.ts";
import { checkJobVariables } from "../parameters/check-job-variables.ts";
import { checkParameters, hydrated } from "../parameters/check-parameters.ts";
import { transaction } from "../transaction.ts";
import { findDeployment } from "./find.ts";
import { queueInPool } from "./work-queue.ts";

/** A request to run a deployment. */
export interface RunRequest {
  /** Null: scheduled for now. */
  state: NewState | null;
  /** Absent: a random one. */
  name: string | undefined;
  /** Override the deployment's, member by member. */
  parameters: Record<string, unknown>;
  /** Null: the deployment's. */
  enforce_parameter_schema: boolean | null;
  context: object;
  infrastructure_document_id: string | null;
  empirical_policy: FlowRunPolicy | undefined;
  /** In addition to the deployment's. */
  tags: readonly string[];
  idempotency_key: string | null;
  labels: object | null;
  parent_task_run_id: string | null;
  /** Another queue of the deployment's pool; created if missing. */
  work_queue_name: string | null;
  job_variables: Record<string, unknown>;
  /** Null: the client. */
  created_by: object | null;
}

/** Creates a run of a deployment. Throws: ApiError. Source: prefect/server/api/deployments.py, create_flow_run_from_deployment. */
export async function runDeployment(
  outer: Context,
  deploymentId: string,
  request: RunRequest,
): Promise<{ run: FlowRun; created: boolean }> {
  return transaction(outer, async (context, tx) =>
    addRun(context, tx, await findDeployment(tx, { id: deploymentId }), request),
  );
}

/** The outcome of one of many requests. */
export type BulkResult =
  | { flow_run_id: string; status: "CREATED"; error: null }
  | { flow_run_id: null; status: "FAILED"; error: string };

/** Creates many runs of one deployment, each independently of the others' failures. Throws: ApiError `not_found`. */
export async function runDeploymentOften(
  outer: Context,
  deploymentId: string,
  requests: readonly RunRequest[],
): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  await findDeployment(outer.store.db, { id: deploymentId });
  for (const request of requests) {
    try {
      const { run } = await runDeployment(outer, deploymentId, request);
      results.push({ flow_run_id: run.id, status: "CREATED", error: null });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      results.push({ flow_run_id: null, status: "FAILED", error: error.message });
    }
  }
  return results;
}

async function addRun(
  context: Context,
  tx: Db,
  deployment: Deployment,
  request: RunRequest,
): Promise<{ run: FlowRun; created: boolean }> {
  const own = parseJson(deployment.parameters) as Record<string, unknown>;
  const parameters = await hydrated(tx, { ...own, ...request.parameters }, "flow run");
  if (request.enforce_parameter_schema ?? deployment.enforce_parameter_schema === 1) {
    checkParameters(deployment.parameter_openapi_schema, parameters, { required: true, doing: "creating flow run" });
  }
  await checkRunVariables(tx, deployment, request.job_variables);
  const { enforce_parameter_schema: _, tags, infrastructure_document_id: block, ...rest } = request;
  return createFlowRun(context, tx, {
    ...rest,
    parameters,
    state: request.state ?? { type: "SCHEDULED" },
    flow_id: deployment.flow_id,
    deployment_id: deployment.id,
    deployment_version: deployment.version,
    parentLabels: parseJson(deployment.labels) as object,
    tags: [...new Set([...(parseJson(deployment.tags) as string[]), ...tags])],
    infrastructure_document_id: block ?? deployment.infrastructure_document_id,
    ...(await queueOf(context, tx, deployment, request.work_queue_name)),
  });
}

/** Validates the run's job variables, over the deployment's, against the template of its pool, if it has one.
 *  Throws: ApiError `unprocessable`. */
async function checkRunVariables(tx: Db, deployment: Deployment, variables: Record<string, unknown>): Promise<void> {
  const pool = deployment.work_pool_name === null ? undefined : await workPoolByName(tx, deployment.work_pool_name);
  if (pool === undefined) return;
  const layers = [parseJson(deployment.job_variables), variables];
  checkJobVariables(pool.base_job_template, layers, { required: true, doing: "creating flow run" });
}

async function queueOf(
  context: Context,
  tx: Db,
  deployment: Deployment,
  name: string | null,
): Promise<{ work_queue_id: string | null; work_queue_name: string | null }> {
  if (!name) return { work_queue_id: deployment.work_queue_id, work_queue_name: deployment.work_queue_name };
  if (deployment.work_pool_name === null) {
    throw new ApiError(
      "bad_request",
      `Cannot create flow run in work queue ${name} because deployment ${deployment.id} is not associated with a work pool. Please remove work_pool_name and try again.`,
    );
  }
  return { work_queue_id: await queueInPool(context, tx, deployment.work_pool_name, name), work_queue_name: name };
}
