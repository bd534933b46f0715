import { isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import { findTooDeep } from "../../nesting-depth.ts";
import {
  type Budget,
  checkSchema,
  createValidator,
  newBudget,
  reprString,
  type Violation,
} from "../json-schema/index.ts";
import { PreprocessCrash, preprocess, withoutRequired } from "./preprocess.ts";
import {
  blockWithoutTitle,
  firstPerPlace,
  INCONCLUSIVE,
  notASchema,
  problemOfStop,
  problemOfViolation,
  TOO_DEEP,
  type ValidationResult,
} from "./schema-problem.ts";

export interface ValidateOptions {
  /** Whether `required` counts. */
  enforceRequired: boolean;
  /** Whether null is also accepted for optional properties that have a default: true for job variables, false (default) for
   *  parameters. */
  nullWithDefault?: boolean;
}

/** Whether a Prefect server accepts a document as a JSON Schema: draft 2020-12, patterns in Python's syntax. Problems have the
 *  rule `schema/invalid` and paths from the schema's root. Never throws on user data. */
export function validateSchema(schema: Plan, budget = newBudget()): ValidationResult {
  if (findTooDeep(schema) !== undefined) return TOO_DEEP;
  const { violations, unsure, stopped } = checkSchema(schema, budget);
  const problems = violations.map((each) =>
    problemOfViolation("schema/invalid", each, `Invalid schema: ${each.say()}`),
  );
  if (stopped !== undefined) problems.push(problemOfStop(stopped));
  return { problems: firstPerPlace(problems), conclusive: !unsure };
}

/** Validates values (a run's parameters, say) against a schema as a Prefect server does. Paths of `schema/violated` are from the
 *  values' root, those of other rules from the schema's. Never throws on user data.
 *  Source: prefect/utilities/schema_tools/validation.py, validate. */
export function validateAgainst(schema: Plan, values: Plan, options: ValidateOptions): ValidationResult {
  return schemaValidator(schema, options)(values);
}

/** `validateAgainst` for many values: the work on the schema is done once. */
export function schemaValidator(schema: Plan, options: ValidateOptions): (values: Plan) => ValidationResult {
  if (findTooDeep(schema) !== undefined) return () => TOO_DEEP;
  const processed = preprocessed(schema, options);
  if ("problems" in processed) return () => processed;
  const valid = validateSchema(processed.schema);
  if (valid.problems.length > 0) return () => valid;
  const validate = preprocessedValidator(processed.schema);
  return (values) => {
    if (findTooDeep(values) !== undefined) return TOO_DEEP;
    const result = validate(values, newBudget());
    return { ...result, conclusive: result.conclusive && valid.conclusive };
  };
}

/** `schemaValidator` for a schema that is known to be valid, and values that are known not to be nested too deeply. */
export function validSchemaValidator(
  schema: Plan,
  options: ValidateOptions,
): (values: Plan, budget: Budget) => ValidationResult {
  const processed = preprocessed(schema, options);
  return "problems" in processed ? () => processed : preprocessedValidator(processed.schema);
}

function preprocessedValidator(schema: PlanObject): (values: Plan, budget: Budget) => ValidationResult {
  const validate = createValidator(schema, { formats: false });
  return (values, budget) => {
    const { violations, unsure, stopped } = validate(values, budget);
    if (stopped !== undefined) return { problems: [problemOfStop(stopped)], conclusive: true };
    const problems = violations.map((each) => problemOfViolation("schema/violated", each, serverMessage(each)));
    return { problems: firstPerPlace(problems), conclusive: !unsure };
  };
}

/** Preprocesses a schema as the server does before it validates against it. A result: the server fails to. */
function preprocessed(schema: Plan, options: ValidateOptions): { schema: PlanObject } | ValidationResult {
  if (schema === UNKNOWN) return INCONCLUSIVE;
  if (!isObject(schema)) return { problems: [notASchema([])], conclusive: true };
  try {
    const processed = preprocess(schema, options.nullWithDefault ?? false);
    return { schema: options.enforceRequired ? processed : (withoutRequired(processed) as PlanObject) };
  } catch (error) {
    if (!(error instanceof PreprocessCrash)) throw error;
    const problem = error.reason === "not-a-schema" ? notASchema(error.path) : blockWithoutTitle(error.path);
    return { problems: [problem], conclusive: true };
  }
}

/** The server's sentence about a violation. */
function serverMessage(violation: Violation): string {
  const where = jsonPath(violation).replaceAll("$.", "");
  const field = where === "$" ? "" : ` for field ${reprString(where)}`;
  return `Validation failed${field}. Failure reason: ${violation.say()}`;
}

/** `json_path` of Python's `jsonschema`. */
function jsonPath({ path }: Violation): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[a-zA-Z][a-zA-Z0-9_]*$/.test(step)
      ? `.${step}`
      : `['${step.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}']`;
  });
  return `$${steps.join("")}`;
}
