import { definedKeys, hasUnknown, isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import { nearestName } from "../../nearest-name.ts";
import type { Path } from "../../path.ts";
import type { Problem } from "../../problem.ts";
import { type Budget, newBudget } from "../json-schema/evaluate.ts";
import { placeholdersIn } from "../placeholders.ts";
import { collectDefaults, judgeDefaults } from "../validation/default-values.ts";
import { validateDefaults, validateSchema } from "../validation/job-variables.ts";
import type { SchemaProblem, ValidationResult } from "../validation/schema-problem.ts";
import { usedVariables } from "./lint-configuration.ts";
import { type LintOptions, MOST_PER_RULE } from "./lint-options.ts";
import { lintReferences } from "./lint-references.ts";

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
  const problems = valid.problems.map((problem) => told(problem, options, inSchema, SCHEMA_UPDATED));
  if (problems.length === 0) problems.push(...lintDefaults(variables, options, budget), ...lintReferences(variables));
  if (!valid.judged && !hasUnknown(variables)) problems.push(NOT_JUDGED);
  const declared: PlanObject = isObject(properties) ? properties : {};
  return [
    ...problems,
    ...lintRequired(variables, declared),
    ...unusedVariables(declared, configuration),
    ...definedKeys(declared).flatMap((name) => lintDefaultText(name, declared[name] as Plan, declared)),
  ];
}

const SCHEMA_UPDATED = "The server takes this in an update and then refuses every run of the pool";
const DEFAULT_UPDATED =
  "The server takes this in an update; it then checks runs without this default and without `required`";

const RULES: { [rule: string]: string } = {
  "schema/invalid": "template/invalid-schema",
  "schema/violated": "template/default-violates-schema",
  "schema/circular": "template/circular-reference",
  "schema/unresolvable-reference": "template/unresolvable-reference",
  "schema/crash": "template/unresolvable-reference",
  "schema/boolean": "template/boolean-schema",
  "schema/too-deep": "template/too-deep",
  "schema/block-without-title": "template/block-without-title",
};

/** A problem that a create is refused for, and an update is not. */
function told(problem: SchemaProblem, options: LintOptions, place: (path: Path) => Path, updated: string): Problem {
  const rule = RULES[problem.rule] ?? problem.rule;
  const path = place(problem.path);
  if (options.operation === "create") return { rule, severity: "error", path, message: problem.message };
  return { rule, severity: "warning", path, message: `${problem.message}. ${updated}` };
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
  message: "cannot be judged completely in bounded time: it is very large, deeply nested, or has costly patterns",
};

function lintDefaults(variables: PlanObject, options: LintOptions, budget: Budget): Problem[] {
  const { problems, values } = collectDefaults(variables);
  const refused = problems.map((problem) => told(problem, options, inSchema, SCHEMA_UPDATED));
  const verdict = completed(validateDefaults(variables, values, budget), variables);
  const violated = verdict.problems.map((problem) => {
    const aboutValues = problem.rule === "schema/violated" || problem.rule in STOPS;
    return told(problem, options, aboutValues ? inDefaults : inSchema, aboutValues ? DEFAULT_UPDATED : SCHEMA_UPDATED);
  });
  if (!verdict.judged && ![...values.values()].some(hasUnknown) && !hasUnknown(variables)) violated.push(NOT_JUDGED);
  const reported = new Set(violated.map(({ path }) => path[2]));
  if (refused.length > 0 || !hasRequired(variables)) return [...refused, ...violated];
  const dropped = judgeDefaults(variables, undefined, budget).dropped.filter((name) => !reported.has(name));
  return [...violated, ...dropped.map((name) => switchesOff(name, values.get(name)))];
}

/** Without a variable whose default is not known, nothing can be said about the defaults as a whole. */
function completed(verdict: ValidationResult, variables: PlanObject): ValidationResult {
  const { properties } = variables;
  if (properties !== UNKNOWN && !(isObject(properties) && Object.values(properties).includes(UNKNOWN as never)))
    return verdict;
  return {
    ...verdict,
    problems: verdict.problems.filter(({ rule, path }) => rule !== "schema/violated" || path.length > 0),
  };
}

const STOPS = { "schema/circular": true, "schema/unresolvable-reference": true, "schema/crash": true };

function switchesOff(name: string, value: Plan | undefined): Problem {
  const why =
    value === null
      ? 'null is not of the variable\'s type, so write `"anyOf": [{ "type": … }, { "type": "null" }]`, or leave the default out'
      : "it does not satisfy the schema when formats are checked and null is not tolerated";
  return {
    rule: "template/default-switches-off-required",
    severity: "warning",
    path: ["variables", "properties", name, "default"],
    message: `is not a valid default by the server's stricter check of runs: ${why}. While it stands, the server enforces \`required\` for no run of the pool`,
  };
}

/** Whether the schema requires anything that the server could stop enforcing. */
function hasRequired(schema: Plan): boolean {
  if (!isObject(schema)) return false;
  return Object.entries(schema as PlanObject).some(([key, value]) =>
    key === "required" && Array.isArray(value) ? value.length > 0 : hasRequired(value),
  );
}

function lintRequired(variables: PlanObject, declared: PlanObject): Problem[] {
  const required = Object.hasOwn(variables, "required") ? variables.required : undefined;
  if (!Array.isArray(required) || variables.properties === UNKNOWN) return [];
  const missing = required.flatMap((name, index) =>
    typeof name === "string" && !Object.hasOwn(declared, name) ? [{ name, index }] : [],
  );
  return missing.slice(0, MOST_PER_RULE).map(({ name, index }): Problem => {
    const near = nearestName(name, definedKeys(declared));
    const next = near === undefined ? "Declare it in `properties`, or take it out" : `Did you mean "${near}"?`;
    const message = `names a variable that is not declared, so every run is refused that does not set it anyhow. ${next}`;
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
  // Workers put the default of `env` into the configuration by themselves, and replace placeholders in it.
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

function lintDefaultText(name: string, rules: Plan, declared: PlanObject): Problem[] {
  const value = defaultOf(rules);
  if (value === undefined || value === null) return [];
  const path = ["variables", "properties", name, "default"];
  const problems: Problem[] = [];
  if (/[.[\]]/.test(name)) {
    const message =
      "is never found by workers: they read dots and brackets in a variable's name as a path, and look for nested values. Runs that set the variable are served, runs that do not get nothing";
    problems.push({ rule: "template/unreachable-default", severity: "warning", path, message });
  }
  for (const placeholder of placeholdersIn(value, path)) {
    if (placeholder.inKey || /^(?:prefect|ctx)\./.test(placeholder.name)) continue;
    if (name !== "env") {
      const message = "has a placeholder, but workers replace none in defaults: runs get the text as it is written";
      problems.push({ rule: "template/placeholder-in-default", severity: "warning", path: placeholder.path, message });
    } else if (!Object.hasOwn(declared, placeholder.name)) {
      const message =
        "uses a placeholder that is not declared. The server does not look here; workers will put nothing in its place";
      problems.push({ rule: "template/unchecked-placeholder", severity: "warning", path: placeholder.path, message });
    }
  }
  return problems;
}

function defaultOf(rules: Plan): Plan | undefined {
  return isObject(rules) && Object.hasOwn(rules, "default") ? (rules as PlanObject).default : undefined;
}
