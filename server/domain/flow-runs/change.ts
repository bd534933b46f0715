import { templateOfDeployment } from "../../store/queries/deployments.ts";
import { type FlowRun, flowRunById, lockFlowRun, updateFlowRun } from "../../store/queries/runs/flow-runs.ts";
import type { Db } from "../../store/store.ts";
import type { FlowRunRow } from "../../store/tables/flow-runs.ts";
import { parseJson, toJson } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { type FlowRunPolicy, policyColumns } from "../orchestration/policy.ts";
import { checkJobVariables } from "../parameters/check-job-variables.ts";

export interface FlowRunChanges {
  name?: string | undefined;
  flow_version?: string | null | undefined;
  parameters?: object | undefined;
  empirical_policy?: FlowRunPolicy | undefined;
  tags?: readonly string[] | undefined;
  infrastructure_pid?: string | null | undefined;
  job_variables?: object | null | undefined;
}

/** Throws: ApiError `not_found`. */
export async function findFlowRun(db: Db, id: string): Promise<FlowRun> {
  const run = await flowRunById(db, id);
  if (run === undefined) throw notFound();
  return run;
}

/** Changes everything but the state. Job variables can be changed only until a worker has the run. Throws: ApiError `not_found`,
 *  `bad_request`, and what checkJobVariables throws. */
export async function changeFlowRun({ store, clock }: Context, id: string, changes: FlowRunChanges): Promise<void> {
  await store.write(async (tx) => {
    if (changes.job_variables != null) {
      const run = await lockFlowRun(tx, id);
      if (run === undefined) throw notFound();
      if (run.state_type !== "SCHEDULED") {
        throw new ApiError(
          "bad_request",
          run.state_type === null
            ? "Flow run state is required to update job variables but none exists"
            : `Job variables for a flow run in state ${run.state_type} cannot be updated`,
        );
      }
      await checkRunVariables(tx, run, changes.job_variables);
    }
    if (!(await updateFlowRun(tx, id, { updated: clock.now(), ...toColumns(changes) }))) throw notFound();
  });
}

/** Checks new job variables against the run's deployment and the template of its pool. */
async function checkRunVariables(tx: Db, run: FlowRun, variables: object): Promise<void> {
  const deployment = run.deployment_id === null ? undefined : await templateOfDeployment(tx, run.deployment_id);
  if (deployment === undefined) throw new ApiError("bad_request", "A deployment for the flow run could not be found");
  // A deployment without a pool, as under `serve`, has no template.
  if (deployment.base_job_template === null) return;
  checkJobVariables(
    deployment.base_job_template,
    [parseJson(deployment.job_variables), variables as Record<string, unknown>],
    { required: true, doing: "updating flow run" },
  );
}

/** Adds labels to those that are there. Throws: ApiError `object_not_found`. */
export async function labelFlowRun({ store, clock }: Context, id: string, labels: object): Promise<void> {
  await store.write(async (tx) => {
    const run = await lockFlowRun(tx, id);
    if (run === undefined) throw new ApiError("object_not_found", `Flow run with id ${id} not found`);
    const merged = toJson({ ...parseJson(run.labels), ...labels });
    await updateFlowRun(tx, id, { updated: clock.now(), labels: merged });
  });
}

function toColumns(changes: FlowRunChanges): Partial<FlowRunRow> {
  const { name, flow_version, infrastructure_pid, parameters, tags, job_variables, empirical_policy } = changes;
  return {
    ...(name !== undefined && { name }),
    ...(flow_version !== undefined && { flow_version }),
    ...(infrastructure_pid !== undefined && { infrastructure_pid }),
    ...(parameters !== undefined && { parameters: toJson(parameters) }),
    ...(tags !== undefined && { tags: toJson(tags) }),
    ...(job_variables !== undefined && {
      job_variables: job_variables === null ? null : toJson(job_variables),
    }),
    ...(empirical_policy !== undefined && policyColumns(empirical_policy)),
  };
}

function notFound(): ApiError {
  return new ApiError("not_found", "Flow run not found");
}
