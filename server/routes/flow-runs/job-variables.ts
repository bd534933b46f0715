import { ApiError } from "../../domain/api-error.ts";
import { checkJobVariables } from "../../domain/parameters/check-job-variables.ts";
import { templateOfDeployment } from "../../store/queries/deployments.ts";
import type { FlowRun } from "../../store/queries/runs/flow-runs.ts";
import type { Db } from "../../store/store.ts";
import { parseJson } from "../../values/json.ts";

/** Judges new job variables of a run by its deployment and its pool's template. Throws: ApiError. */
export async function checkRunVariables(tx: Db, run: FlowRun, variables: object): Promise<void> {
  const deployment = run.deployment_id === null ? undefined : await templateOfDeployment(tx, run.deployment_id);
  if (deployment === undefined) throw new ApiError("bad_request", "A deployment for the flow run could not be found");
  // Without a pool, as under `serve`, there is nothing to judge by.
  if (deployment.base_job_template === null) return;
  checkJobVariables(
    deployment.base_job_template,
    [parseJson(deployment.job_variables), variables as Record<string, unknown>],
    { required: true, doing: "updating flow run" },
  );
}
