import { isObject, type JsonObject, type PlanObject } from "../json.ts";
import { formatPath, type Path } from "../path.ts";
import type { Problem } from "../problem.ts";
import { usedVariables } from "./placeholders.ts";
import { collectDefaults } from "./validation/default-values.ts";
import { jobVariablesValidator } from "./validation/job-variables.ts";
import type { SchemaProblem } from "./validation/schema-problem.ts";

/** What matters to a pool's template about one deployment of the pool. */
export interface DeploymentVariables {
  name: string;
  jobVariables: JsonObject;
}

/** What a pool's template means for the deployments of the pool: whose runs the server would refuse (errors), and which of their
 *  job variables would have no effect (warnings). With `before`, the template that it replaces, only what changes by that.
 *
 *  A run is one without variables of its own. What cannot be judged is not reported. One problem per cause, with the deployments'
 *  names and never a value; paths from the template's root. Pure; never throws on user data.
 *  Source: prefect/server/api/validation.py, validate_job_variables_for_deployment_flow_run; prefect/workers/base.py. */
export function checkDeployments(
  template: JsonObject,
  deployments: readonly DeploymentVariables[],
  before?: JsonObject | undefined,
): Problem[] {
  return [...refusedRuns(template, deployments, before), ...ignoredVariables(template, deployments, before)];
}

function refusedRuns(
  template: JsonObject,
  deployments: readonly DeploymentVariables[],
  before: JsonObject | undefined,
): Problem[] {
  const refusal = refusalBy(template);
  const refusalBefore = before === undefined ? () => undefined : refusalBy(before);
  const causes = new DeploymentsByCause();
  for (const { name, jobVariables } of deployments) {
    const cause = refusal(jobVariables);
    if (cause !== undefined && refusalBefore(jobVariables) === undefined) causes.add(cause, name);
  }
  return causes.problems(
    (names, cause) =>
      `would make the server refuse runs of ${names}, which it accepts now: ${cause.reason}. ${REFUSAL_ADVICE}`,
    { rule: "template/refuses-deployment", severity: "error" },
  );
}

const REFUSAL_ADVICE =
  "Change the job variables first, or the template so that it fits both; `contractCheck` of the provider's configuration decides how strict this is";

interface Cause {
  path: Path;
  reason: string;
}

/** Why the server would refuse a run with these variables; `undefined` when it would not, or it cannot be told. */
function refusalBy(template: JsonObject): (values: JsonObject) => Cause | undefined {
  const validate = jobVariablesValidator(template);
  const variables: PlanObject = isObject(template.variables) ? template.variables : {};
  return (values) => {
    const { problems, conclusive } = validate(values, true);
    const [first] = problems;
    return first === undefined || !conclusive ? undefined : causeOf(first, variables, values);
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

/** Names that the schema requires, and neither a default nor the deployment sets. */
function missingVariables(variables: PlanObject, values: JsonObject): string[] {
  const required = Array.isArray(variables.required) ? variables.required : [];
  const defaults = collectDefaults(variables).values;
  return required.filter(
    (name): name is string => typeof name === "string" && !defaults.has(name) && !Object.hasOwn(values, name),
  );
}

function ignoredVariables(
  template: JsonObject,
  deployments: readonly DeploymentVariables[],
  before: JsonObject | undefined,
): Problem[] {
  const hasEffect = effectiveIn(template);
  const hadEffect = before === undefined ? () => true : effectiveIn(before);
  const causes = new DeploymentsByCause();
  for (const { name, jobVariables } of deployments) {
    for (const variable of Object.keys(jobVariables)) {
      if (hasEffect(variable) || !hadEffect(variable)) continue;
      causes.add({ path: ["job_configuration"], reason: variable }, name);
    }
  }
  return causes.problems(
    (names, { reason: variable }) =>
      `does not use \`${variable}\`${before === undefined ? "" : " any more"}, which is set by ${names}: runs would go on without it`,
    { rule: "template/ignores-variable", severity: "warning" },
  );
}

/** Whether a job variable of that name changes anything for a worker. Dots and brackets in names lead into values. */
function effectiveIn(template: JsonObject): (variable: string) => boolean {
  const configuration = isObject(template.job_configuration) ? template.job_configuration : {};
  const used = usedVariables(configuration) ?? new Set();
  // Workers merge `env` into an object that the configuration has there, or gets from the variable's default.
  const variables: PlanObject = isObject(template.variables) ? template.variables : {};
  if (isObject(configuration.env) || isObject(collectDefaults(variables).values.get("env"))) used.add("env");
  return (variable) => used.has(variable) || used.has(variable.split(".")[0] ?? variable);
}

/** Deployments grouped by what is wrong with them, in the order of finding. */
class DeploymentsByCause {
  readonly #byCause = new Map<string, { cause: Cause; names: string[] }>();

  add(cause: Cause, name: string): void {
    const key = JSON.stringify(cause);
    const known = this.#byCause.get(key);
    if (known === undefined) this.#byCause.set(key, { cause, names: [name] });
    else known.names.push(name);
  }

  problems(message: (names: string, cause: Cause) => string, rest: Pick<Problem, "rule" | "severity">): Problem[] {
    return [...this.#byCause.values()].map(({ cause, names }) => ({
      ...rest,
      path: cause.path,
      message: message(deploymentList(names), cause),
    }));
  }
}

const MAX_NAMES = 10;

function deploymentList(names: readonly string[]): string {
  const listed = names
    .slice(0, MAX_NAMES)
    .map((name) => `"${name}"`)
    .join(", ");
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  return `the deployment${names.length === 1 ? "" : "s"} ${listed}${more}`;
}
