import { isObject, type Plan, type PlanObject, setKey, UNKNOWN } from "../../json.ts";
import { findTooDeep } from "../../nesting-depth.ts";
import { newBudget } from "../json-schema/index.ts";
import { type Blocks, validateEachDefault } from "./default-values.ts";
import { isTruthy } from "./preprocess.ts";
import { INCONCLUSIVE, notASchema, TOO_DEEP, type ValidationResult } from "./schema-problem.ts";
import { validateSchema, validSchemaValidator } from "./schema-validator.ts";

/** Validates job variables against a pool's base job template as a Prefect server does, with the template's defaults: for a
 *  deployment (`required` does not count) or for a run (it does, unless one of the template's own defaults is invalid). For a
 *  run, pass the deployment's variables overlaid by the run's. Never throws on user data.
 *  `blocks`: the data of the blocks that the defaults refer to (`referencedBlocks`); without it, what depends on them is not
 *  judged.
 *  Source: prefect/server/api/validation.py, _validate_work_pool_job_variables. */
export function checkJobVariables(
  template: Plan,
  values: PlanObject,
  options: { required: boolean; blocks?: Blocks | undefined },
): ValidationResult {
  return jobVariablesValidator(template, options.blocks)(values, options.required);
}

type JobVariablesValidator = (values: PlanObject, required: boolean) => ValidationResult;

/** `checkJobVariables` for many values: the work on the template is done once. */
export function jobVariablesValidator(template: Plan, blocks?: Blocks): JobVariablesValidator {
  const validate = unboundedValidator(template, blocks);
  return (values, required) => (findTooDeep(values) === undefined ? validate(values, required) : TOO_DEEP);
}

/** Of values that are not nested too deeply. */
function unboundedValidator(template: Plan, blocks: Blocks | undefined): JobVariablesValidator {
  const schema = variablesSchema(template);
  if (schema === UNKNOWN) return () => INCONCLUSIVE;
  if (schema === undefined) return () => ({ problems: [], conclusive: true });
  const budget = newBudget();
  const valid = validateSchema(schema, budget);
  if (valid.problems.length > 0) return () => valid;
  if (!isObject(schema)) return () => ({ problems: [notASchema(["variables"])], conclusive: true });
  const defaults = validateEachDefault(schema, blocks, budget);
  if (defaults.problems.length > 0) return () => ({ problems: defaults.problems, conclusive: true });
  const withRequired = validSchemaValidator(schema, { enforceRequired: true, nullWithDefault: true });
  const withoutRequired = validSchemaValidator(schema, { enforceRequired: false, nullWithDefault: true });
  return (values, required) => {
    const all: PlanObject = {};
    for (const [name, value] of [...defaults.values, ...Object.entries(values)])
      if (value !== undefined) setKey(all, name, value);
    const valuesBudget = newBudget();
    const enforced = required && defaults.dropped.length === 0;
    const result = (enforced ? withRequired : withoutRequired)(all, valuesBudget);
    const conclusive = result.conclusive && valid.conclusive;
    // A default that cannot be judged may switch `required` off.
    if (!enforced || !defaults.unsure) return { ...result, conclusive };
    return {
      problems: withoutRequired(all, valuesBudget).problems,
      conclusive: conclusive && result.problems.length === 0,
    };
  };
}

/** The JSON Schema of a template's variables; `undefined` when there is none, and so nothing to check. */
function variablesSchema(template: Plan): Plan | undefined {
  if (template === UNKNOWN) return UNKNOWN;
  const schema =
    isObject(template) && Object.hasOwn(template, "variables") ? (template as PlanObject).variables : undefined;
  return isTruthy(schema) ? schema : undefined;
}
