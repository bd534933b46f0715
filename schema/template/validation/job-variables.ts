import { isObject, type Plan, type PlanObject, setKey, UNKNOWN } from "../../json.ts";
import { findTooDeep } from "../../nesting-depth.ts";
import { bestMatch } from "../json-schema/best-match.ts";
import { checkSchema } from "../json-schema/check-schema.ts";
import { type Budget, evaluate, newBudget, Run } from "../json-schema/evaluate.ts";
import type { Violation } from "../json-schema/outcome.ts";
import { reprString } from "../json-schema/python-text.ts";
import { type Blocks, judgeDefaults } from "./default-values.ts";
import { isTruthy, PreprocessCrash, preprocess, withoutRequired } from "./preprocess.ts";
import {
  firstPerPlace,
  INCONCLUSIVE,
  notASchema,
  problemOf,
  problemOfStop,
  type SchemaProblem,
  TOO_DEEP,
  type ValidationResult,
  withoutTitle,
} from "./schema-problem.ts";

export interface ValidateOptions {
  /** Whether `required` counts. */
  enforceRequired: boolean;
  /** Whether null is also taken for optional properties that have a default: for job variables yes, for parameters no
   *  (default). */
  nullWithDefault?: boolean;
}

/** Whether a document is a JSON Schema that a Prefect server takes: draft 2020-12, patterns in Python's notation. Problems
 *  have the rule `schema/invalid` and paths from the schema's root. Never throws on user data. */
export function validateSchema(schema: Plan, budget = newBudget()): ValidationResult {
  if (findTooDeep(schema) !== undefined) return TOO_DEEP;
  const { violations, unsure, stopped } = checkSchema(schema, budget);
  const problems = violations.map((each) => problemOf("schema/invalid", each, `Invalid schema: ${each.say()}`));
  if (stopped !== undefined) problems.push(problemOfStop(stopped));
  return { problems: firstPerPlace(problems), judged: !unsure };
}

/** Validates values (a run's parameters, say) by a schema as a Prefect server does, with all that it tolerates on the way.
 *  Paths are from the values' root, those of `schema/...` rules from the schema's. Never throws on user data.
 *  Source: prefect/utilities/schema_tools/validation.py, validate. */
export function validateAgainst(schema: Plan, values: Plan, options: ValidateOptions): ValidationResult {
  return schemaValidator(schema, options)(values);
}

/** The same for many values: what there is to do about the schema alone is done once. */
export function schemaValidator(schema: Plan, options: ValidateOptions): (values: Plan) => ValidationResult {
  if (findTooDeep(schema) !== undefined) return () => TOO_DEEP;
  const processed = processedBy(schema, options);
  if ("problems" in processed) return () => processed;
  const valid = validateSchema(processed.schema);
  if (valid.problems.length > 0) return () => valid;
  return (values) => {
    if (findTooDeep(values) !== undefined) return TOO_DEEP;
    const found = validateProcessed(processed.schema, values, newBudget());
    return { ...found, judged: found.judged && valid.judged };
  };
}

/** Validates job variables by a pool's base job template as a Prefect server does, its defaults included: for a deployment
 *  (`required` does not count) or for a run (it does, unless one of the template's own defaults is invalid). For a run, give
 *  the deployment's variables overlaid by the run's. Never throws on user data.
 *  `blocks`: what the defaults refer to (`referencedBlocks`); without it, what depends on them is not judged.
 *  Source: prefect/server/api/validation.py, _validate_work_pool_job_variables. */
export function checkJobVariables(
  template: Plan,
  values: PlanObject,
  options: { required: boolean; blocks?: Blocks | undefined },
): ValidationResult {
  return jobVariablesValidator(template, options.blocks)(values, options.required);
}

/** The same for many values: what there is to do about the template alone is done once. */
export function jobVariablesValidator(
  template: Plan,
  blocks?: Blocks,
): (values: PlanObject, required: boolean) => ValidationResult {
  const judge = variablesJudge(template, blocks);
  return (values, required) => (findTooDeep(values) === undefined ? judge(values, required) : TOO_DEEP);
}

function variablesJudge(
  template: Plan,
  blocks: Blocks | undefined,
): (values: PlanObject, required: boolean) => ValidationResult {
  const schema = variablesOf(template);
  if (schema === UNKNOWN) return () => INCONCLUSIVE;
  if (schema === undefined) return () => ({ problems: [], judged: true });
  const budget = newBudget();
  const valid = validateSchema(schema, budget);
  if (valid.problems.length > 0) return () => valid;
  if (!isObject(schema)) return () => ({ problems: [notASchema(["variables"])], judged: true });
  const defaults = judgeDefaults(schema, blocks, budget);
  if (defaults.problems.length > 0) return () => ({ problems: defaults.problems, judged: true });
  const processed = {
    enforced: processedBy(schema, { enforceRequired: true, nullWithDefault: true }),
    free: processedBy(schema, { enforceRequired: false, nullWithDefault: true }),
  };
  return (values, required) => {
    const all: PlanObject = {};
    for (const [name, value] of [...defaults.values, ...Object.entries(values)])
      if (value !== undefined) setKey(all, name, value);
    const own = newBudget();
    const judge = (by: Processed): ValidationResult => ("problems" in by ? by : validateProcessed(by.schema, all, own));
    const enforced = required && defaults.dropped.length === 0;
    const verdict = judge(enforced ? processed.enforced : processed.free);
    const judged = verdict.judged && valid.judged;
    // A default that cannot be judged may switch `required` off.
    if (!enforced || !defaults.unsure) return { ...verdict, judged };
    return { problems: judge(processed.free).problems, judged: judged && verdict.problems.length === 0 };
  };
}

/** A template's variables schema; `undefined` when there is none, and so nothing to check. */
function variablesOf(template: Plan): Plan | undefined {
  if (template === UNKNOWN) return UNKNOWN;
  const schema =
    isObject(template) && Object.hasOwn(template, "variables") ? (template as PlanObject).variables : undefined;
  return isTruthy(schema) ? schema : undefined;
}

/** Values against a schema that is valid and has been preprocessed. */
function validateProcessed(schema: PlanObject, values: Plan, budget: Budget): ValidationResult {
  const { violations, unsure, stopped } = evaluate(values, new Run(schema, { formats: false, budget }));
  if (stopped !== undefined) return { problems: [problemOfStop(stopped)], judged: true };
  const best = bestMatch(violations);
  const problems = (best === undefined ? [] : [best, ...violations]).map((each) =>
    problemOf("schema/violated", each, saying(each)),
  );
  return { problems: firstPerPlace(problems), judged: !unsure };
}

/** Validates a template's own defaults, as the server does when a pool is created: `required` and formats do not count, null is
 *  tolerated. The schema must be valid. */
export function validateDefaults(
  schema: PlanObject,
  defaults: ReadonlyMap<string, Plan>,
  budget = newBudget(),
): ValidationResult {
  const values: PlanObject = {};
  for (const [name, value] of defaults) setKey(values, name, value);
  const processed = processedBy(schema, { enforceRequired: false, nullWithDefault: true });
  return "problems" in processed ? processed : validateProcessed(processed.schema, values, budget);
}

/** A schema as it is validated by, or why the server fails to get there. */
type Processed = { schema: PlanObject } | ValidationResult;

/** Preprocesses a schema as the server does before it validates by it. */
function processedBy(schema: Plan, options: ValidateOptions): Processed {
  if (schema === UNKNOWN) return INCONCLUSIVE;
  if (!isObject(schema)) return { problems: [notASchema([])], judged: true };
  try {
    const processed = preprocess(schema, options.nullWithDefault ?? false);
    return { schema: options.enforceRequired ? processed : (withoutRequired(processed) as PlanObject) };
  } catch (error) {
    if (!(error instanceof PreprocessCrash)) throw error;
    const problem: SchemaProblem = error.what === "not-a-schema" ? notASchema(error.path) : withoutTitle(error.path);
    return { problems: [problem], judged: true };
  }
}

/** The server's sentence about a violation. */
function saying(violation: Violation): string {
  const where = jsonPath(violation).replaceAll("$.", "");
  const field = where === "$" ? "" : ` for field ${reprString(where)}`;
  return `Validation failed${field}. Failure reason: ${violation.say()}`;
}

function jsonPath({ path }: Violation): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[a-zA-Z][a-zA-Z0-9_]*$/.test(step)
      ? `.${step}`
      : `['${step.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`;
  });
  return `$${steps.join("")}`;
}
