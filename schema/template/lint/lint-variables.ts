import { definedKeys, hasUnknown, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import { nearestName } from "../../nearest-name.ts";
import type { Path } from "../../path.ts";
import type { Problem } from "../../problem.ts";
import { type BrokenReference, type Budget, brokenReferences, newBudget } from "../json-schema/index.ts";
import { placeholdersIn, usedVariables } from "../placeholders.ts";
import { collectDefaults, validateDefaults, validateEachDefault } from "../validation/default-values.ts";
import { PreprocessCrash, preprocess } from "../validation/preprocess.ts";
import type { SchemaProblem, ValidationResult } from "../validation/schema-problem.ts";
import { validateSchema } from "../validation/schema-validator.ts";
import { type LintOptions, MAX_PER_RULE } from "./lint-options.ts";

/** Rules about the variables' schema and their defaults. */
export function lintVariables(
  variables: PlanObject,
  configuration: PlanObject | undefined,
  options: LintOptions,
): Problem[] {
  const properties = Object.hasOwn(variables, "properties") ? variables.properties : undefined;
  if (properties !== undefined && properties !== UNKNOWN && !isObject(properties)) {
    const message = "must be an object: the variables by name";
    return [{ rule: "template/not-an-object", severity: "error", path: ["variables", "properties"], message }];
  }
  const budget = newBudget();
  const valid = validateSchema(variables, budget);
  const problems = valid.problems.map((problem) => templateProblem(problem, options, inSchema, SCHEMA_UPDATED));
  if (problems.length === 0) problems.push(...lintDefaults(variables, options, budget), ...lintReferences(variables));
  if (!valid.conclusive && !hasUnknown(variables)) problems.push(NOT_JUDGED);
  const declared: PlanObject = isObject(properties) ? properties : {};
  return [
    ...problems,
    ...lintRequired(variables, declared),
    ...unusedVariables(declared, configuration),
    ...definedKeys(declared).flatMap((name) => lintDefaultText(name, declared[name] as Plan, declared)),
  ];
}

const SCHEMA_UPDATED = "The server accepts this in an update and then refuses every run of the pool";
const DEFAULT_UPDATED =
  "The server accepts this in an update; it then validates runs without this default and without `required`";

const TEMPLATE_RULE_OF: { [rule: string]: string } = {
  "schema/invalid": "template/invalid-schema",
  "schema/violated": "template/default-violates-schema",
  "schema/circular": "template/circular-reference",
  "schema/unresolvable-reference": "template/unresolvable-reference",
  "schema/crash": "template/unresolvable-reference",
  "schema/boolean": "template/boolean-schema",
  "schema/too-deep": "template/too-deep",
  "schema/block-without-title": "template/block-without-title",
};

/** A problem that the server refuses a create for, and not an update. */
function templateProblem(
  problem: SchemaProblem,
  options: LintOptions,
  pathInTemplate: (path: Path) => Path,
  onUpdate: string,
): Problem {
  const rule = TEMPLATE_RULE_OF[problem.rule] ?? problem.rule;
  const path = pathInTemplate(problem.path);
  if (options.operation === "create") return { rule, severity: "error", path, message: problem.message };
  return { rule, severity: "warning", path, message: `${problem.message}. ${onUpdate}` };
}

const inSchema = (path: Path): Path => ["variables", ...path];

/** From a path in the defaults to the one in the template. */
function inDefaults([name, ...rest]: Path): Path {
  return name === undefined ? ["variables"] : ["variables", "properties", name, "default", ...rest];
}

const NOT_JUDGED: Problem = {
  rule: "template/not-judged",
  severity: "warning",
  path: ["variables"],
  message: "cannot be checked completely in bounded time: it is very large, deeply nested, or has costly patterns",
};

function lintDefaults(variables: PlanObject, options: LintOptions, budget: Budget): Problem[] {
  const { problems, values } = collectDefaults(variables);
  const refused = problems.map((problem) => templateProblem(problem, options, inSchema, SCHEMA_UPDATED));
  const result = withoutUnknownDefaults(validateDefaults(variables, values, budget), variables);
  const violated = result.problems.map((problem) =>
    ABOUT_VALUES.has(problem.rule)
      ? templateProblem(problem, options, inDefaults, DEFAULT_UPDATED)
      : templateProblem(problem, options, inSchema, SCHEMA_UPDATED),
  );
  if (!result.conclusive && ![...values.values()].some(hasUnknown) && !hasUnknown(variables)) violated.push(NOT_JUDGED);
  const reported = new Set(violated.map(({ path }) => path[2]));
  if (refused.length > 0 || !hasRequired(variables)) return [...refused, ...violated];
  const dropped = validateEachDefault(variables, undefined, budget).dropped.filter((name) => !reported.has(name));
  return [...violated, ...dropped.map((name) => switchesOffRequired(name, values.get(name)))];
}

/** With a variable whose default is not known, nothing can be said about the defaults as a whole. */
function withoutUnknownDefaults(result: ValidationResult, variables: PlanObject): ValidationResult {
  const properties: Plan | undefined = variables.properties;
  const declared: PlanObject = isObject(properties) ? properties : {};
  if (properties !== UNKNOWN && !Object.values(declared).includes(UNKNOWN)) return result;
  return {
    ...result,
    problems: result.problems.filter(({ rule, path }) => rule !== "schema/violated" || path.length > 0),
  };
}

/** Rules whose paths are in the values and not in the schema. */
const ABOUT_VALUES = new Set(["schema/violated", "schema/circular", "schema/unresolvable-reference", "schema/crash"]);

function switchesOffRequired(name: string, value: Plan | undefined): Problem {
  const why =
    value === null
      ? 'null is not of the variable\'s type, so write `"anyOf": [{ "type": … }, { "type": "null" }]`, or leave the default out'
      : "it does not satisfy the schema when formats are checked and null is not accepted";
  return {
    rule: "template/default-switches-off-required",
    severity: "warning",
    path: ["variables", "properties", name, "default"],
    message: `is not a valid default by the server's stricter validation of runs: ${why}. Until that is changed, the server enforces \`required\` for no run of the pool`,
  };
}

/** Whether the schema has any `required` that the server could stop enforcing. */
function hasRequired(schema: Plan): boolean {
  if (!isObject(schema)) return false;
  return Object.entries(schema as PlanObject).some(([key, value]) =>
    key === "required" && Array.isArray(value) ? value.length > 0 : hasRequired(value),
  );
}

/** References that fail only when a value reaches them: the server accepts the template, and runs that set such a value fail. */
function lintReferences(variables: PlanObject): Problem[] {
  try {
    return brokenReferences(variables, preprocess(variables, true)).map(brokenReferenceProblem);
  } catch (error) {
    if (error instanceof PreprocessCrash) return [];
    throw error;
  }
}

function brokenReferenceProblem({ reason, path }: BrokenReference): Problem {
  const at = { severity: "warning", path: inSchema(path) } as const;
  if (reason === "circular") {
    const message =
      "refers back to itself without going into the value: runs that set such a value fail with an internal error of the server";
    return { rule: "template/circular-reference", ...at, message };
  }
  const message =
    'cannot be resolved: runs that set a value for it are refused. Only places in `variables` can be referred to, for instance "#/definitions/<name>"';
  return { rule: "template/unresolvable-reference", ...at, message };
}

function lintRequired(variables: PlanObject, declared: PlanObject): Problem[] {
  const required = Object.hasOwn(variables, "required") ? variables.required : undefined;
  if (!Array.isArray(required) || variables.properties === UNKNOWN) return [];
  const missing = required.flatMap((name, index) =>
    typeof name === "string" && !Object.hasOwn(declared, name) ? [{ name, index }] : [],
  );
  return missing.slice(0, MAX_PER_RULE).map(({ name, index }): Problem => {
    const near = nearestName(name, definedKeys(declared));
    const next = near === undefined ? "Declare it in `properties`, or remove it" : `Did you mean "${near}"?`;
    const message = `names a variable that is not declared: every run that does not set it nevertheless is refused. ${next}`;
    return {
      rule: "template/required-undeclared",
      severity: "warning",
      path: ["variables", "required", index],
      message,
    };
  });
}

function unusedVariables(declared: PlanObject, configuration: PlanObject | undefined): Problem[] {
  const used = usedVariables(configuration);
  if (used === undefined) return [];
  // Workers merge the default of `env` into the configuration themselves, and replace placeholders in it.
  const env = Object.hasOwn(declared, "env") ? defaultOf(declared.env as Plan) : undefined;
  for (const { name } of placeholdersIn(env ?? null)) used.add(name);
  return definedKeys(declared).flatMap((name): Problem[] => {
    if (name === "env" || used.has(name)) return [];
    const message = "is declared but used nowhere in `job_configuration`: setting it has no effect";
    return [
      { rule: "template/unused-variable", severity: "warning", path: ["variables", "properties", name], message },
    ];
  });
}

function lintDefaultText(name: string, variable: Plan, declared: PlanObject): Problem[] {
  const value = defaultOf(variable);
  if (value === undefined || value === null) return [];
  const path = ["variables", "properties", name, "default"];
  const problems: Problem[] = [];
  if (/[.[\]]/.test(name)) {
    const message =
      "is never found by workers: they read dots and brackets in a variable's name as a path to a nested value. Runs that set the variable get its value, all others get nothing";
    problems.push({ rule: "template/unreachable-default", severity: "warning", path, message });
  }
  for (const placeholder of placeholdersIn(value, path)) {
    if (placeholder.inKey || /^(?:prefect|ctx)\./.test(placeholder.name)) continue;
    if (name !== "env") {
      const message = "has a placeholder, but workers replace none in defaults: runs get the text as it is written";
      problems.push({ rule: "template/placeholder-in-default", severity: "warning", path: placeholder.path, message });
    } else if (!Object.hasOwn(declared, placeholder.name)) {
      const message =
        "uses a placeholder that is not declared. The server does not look here; workers will replace it by nothing";
      problems.push({ rule: "template/unchecked-placeholder", severity: "warning", path: placeholder.path, message });
    }
  }
  return problems;
}

function defaultOf(variable: Plan): Plan | undefined {
  return isObject(variable) && Object.hasOwn(variable, "default") ? (variable as PlanObject).default : undefined;
}
