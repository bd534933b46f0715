import { workPool } from "../../../schema/contracts/work-pool.ts";
import { equal, hasUnknown, isObject, type Json, type JsonObject, type Plan } from "../../../schema/json.ts";
import type { Problem } from "../../../schema/problem.ts";
import { checkDeployments } from "../../../schema/template/deployment-compatibility.ts";
import { path } from "../../client/index.ts";
import type { Scope } from "../../engine/lifecycle.ts";
import { allDeployments } from "../deployments.ts";
import { answerOf } from "../rest/api-names.ts";

/** A pool's template, as a program declares it in one of its resources. */
export interface TemplateChange {
  pool: Plan | undefined;
  /** The resource's field that holds it. */
  field: string;
  /** As last applied. */
  before: Plan | undefined;
  after: Plan | undefined;
}

/** What the change would do to the pool's deployments, as strictly as the configuration's `contractCheck` says. Asks nobody when
 *  nothing changes, or not all of it is known yet. */
export async function templateChange(
  open: () => Scope,
  { pool, field, before, after }: TemplateChange,
): Promise<Problem[]> {
  if (typeof pool !== "string" || !isObject(after) || hasUnknown(after) || equal(before, after)) return [];
  const scope = open();
  if (scope.contractCheck === "off") return [];
  const earlier = await templateOf(scope, pool);
  if (!isObject(earlier) || equal(earlier, after)) return [];
  const deployments = await allDeployments(scope, { work_pools: { name: { any_: [pool] } } });
  const problems = checkDeployments(
    after as JsonObject,
    deployments.map(({ name, job_variables }) => ({ name, jobVariables: job_variables })),
    earlier as JsonObject,
  );
  return problems.map((problem) => ({
    ...problem,
    path: [field, ...problem.path],
    severity: scope.contractCheck === "warn" ? "warning" : problem.severity,
  }));
}

async function templateOf({ api, call }: Scope, pool: string): Promise<Json | undefined> {
  return (await api.get(path`/work_pools/${pool}`, answerOf(workPool), call))?.live.baseJobTemplate;
}
