import { isObject, type JsonObject, type PlanObject } from "../json.ts";
import { formatPath, type Path } from "../path.ts";
import type { Problem } from "../problem.ts";
import { usedVariables } from "./lint/lint-configuration.ts";
import { collectDefaults } from "./validation/default-values.ts";
import { jobVariablesValidator } from "./validation/job-variables.ts";
import type { SchemaProblem } from "./validation/schema-problem.ts";

/** A deployment, as far as its pool's template matters to it. */
export interface DeploymentVariables {
  name: string;
  jobVariables: JsonObject;
}

/** What a pool's template means for the deployments of the pool: whose runs the server would refuse (errors), and which of their job
 *  variables would have no effect (warnings). With `before`, the template that it replaces, only what was not so by then.
 *
 *  A run is one without variables of its own. What cannot be judged is not told. One problem per cause, with the deployments' names and
 *  never a value; paths from the template's root. Pure; never throws on user data.
 *  Source: prefect/server/api/validation.py, validate_job_variables_for_deployment_flow_run; prefect/workers/base.py. */
export function checkDeployments(
  template: JsonObject,
  deployments: readonly DeploymentVariables[],
  before?: JsonObject | undefined,
): Problem[] {
  return [...refusals(template, deployments, before), ...losses(template, deployments, before)];
}

function refusals(
  template: JsonObject,
  deployments: readonly DeploymentVariables[],
  before: JsonObject | undefined,
): Problem[] {
  const judge = refusalOf(template);
  const judgedBefore = before === undefined ? () => undefined : refusalOf(before);
  const causes = new Causes();
  for (const deployment of deployments) {
    const found = judge(deployment.jobVariables);
    if (found !== undefined && judgedBefore(deployment.jobVariables) === undefined) causes.add(found, deployment.name);
  }
  return causes.told(
    (names, cause) => `would make the server refuse runs of ${names}, which it takes now: ${cause.reason}. ${ADVICE}`,
    { rule: "template/refuses-deployment", severity: "error" },
  );
}

const ADVICE =
  "Change the job variables first, or the template so that it fits both; `contractCheck` of the provider's configuration decides how strict this is";

interface Cause {
  path: Path;
  reason: string;
}

/** Why the server would refuse a run with these variables; `undefined` when it would not, or it cannot be told. */
function refusalOf(template: JsonObject): (values: JsonObject) => Cause | undefined {
  const validate = jobVariablesValidator(template);
  const variables: PlanObject = isObject(template.variables) ? template.variables : {};
  return (values) => {
    const { problems, judged } = validate(values, true);
    const [first] = problems;
    return first === undefined || !judged ? undefined : causeOf(first, variables, values);
  };
}

function causeOf({ rule, path, message }: SchemaProblem, variables: PlanObject, values: JsonObject): Cause {
  // Problems of the schema itself have paths in the schema, those of values have paths in the values.
  if (!ABOUT_VALUES.has(rule)) return { path: ["variables", ...path], reason: `the template ${message}` };
  const [name] = path;
  if (name !== undefined) {
    const declared = isObject(variables.properties) && Object.hasOwn(variables.properties, name);
    const place = declared ? ["variables", "properties", name] : ["variables"];
    return { path: place, reason: `the job variable \`${formatPath(path)}\` ${message}` };
  }
  const missing = missingVariables(variables, values);
  if (missing.length === 0) return { path: ["variables"], reason: `what they set ${message}` };
  return {
    path: ["variables", "required"],
    reason: `they do not set ${missing.map((each) => `\`${each}\``).join(", ")}`,
  };
}

const ABOUT_VALUES = new Set([
  "schema/violated",
  "schema/circular",
  "schema/unresolvable-reference",
  "schema/crash",
  "schema/too-complex",
]);

/** Names that the schema requires, and neither a default nor the deployment gives. */
function missingVariables(variables: PlanObject, values: JsonObject): string[] {
  const required = Array.isArray(variables.required) ? variables.required : [];
  const defaults = collectDefaults(variables).values;
  return required.filter(
    (name): name is string => typeof name === "string" && !defaults.has(name) && !Object.hasOwn(values, name),
  );
}

function losses(
  template: JsonObject,
  deployments: readonly DeploymentVariables[],
  before: JsonObject | undefined,
): Problem[] {
  const used = effective(template);
  const usedBefore = before === undefined ? undefined : effective(before);
  const causes = new Causes();
  for (const { name, jobVariables } of deployments) {
    for (const variable of Object.keys(jobVariables)) {
      if (used(variable) || usedBefore?.(variable) === false) continue;
      causes.add({ path: ["job_configuration"], reason: variable }, name);
    }
  }
  return causes.told(
    (names, { reason: variable }) =>
      `makes no use of \`${variable}\`${before === undefined ? "" : " any more"}, which is set by ${names}: runs would go on without it`,
    { rule: "template/ignores-variable", severity: "warning" },
  );
}

/** Whether a job variable of that name changes anything for a worker. Dots and brackets in names lead into values. */
function effective(template: JsonObject): (variable: string) => boolean {
  const configuration = isObject(template.job_configuration) ? template.job_configuration : {};
  const used = usedVariables(configuration) ?? new Set();
  // Workers merge `env` into an object that the configuration has there, or gets from the variable's default.
  const variables: PlanObject = isObject(template.variables) ? template.variables : {};
  if (isObject(configuration.env) || isObject(collectDefaults(variables).values.get("env"))) used.add("env");
  return (variable) => used.has(variable) || used.has(variable.split(".")[0] ?? variable);
}

const MOST_NAMES = 10;

/** Deployments by what is wrong with them, in the order of finding. */
class Causes {
  readonly #found = new Map<string, { cause: Cause; names: string[] }>();

  add(cause: Cause, name: string): void {
    const key = JSON.stringify(cause);
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, { cause, names: [name] });
    else known.names.push(name);
  }

  told(message: (names: string, cause: Cause) => string, rest: Pick<Problem, "rule" | "severity">): Problem[] {
    return [...this.#found.values()].map(({ cause, names }) => ({
      ...rest,
      path: cause.path,
      message: message(listed(names), cause),
    }));
  }
}

function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, MOST_NAMES)
    .map((name) => `"${name}"`)
    .join(", ");
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return `the deployment${names.length === 1 ? "" : "s"} ${shown}${more}`;
}
