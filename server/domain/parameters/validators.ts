import type { PlanObject } from "../../../schema/json.ts";
import { jobVariablesValidator } from "../../../schema/template/validation/job-variables.ts";
import type { ValidationResult } from "../../../schema/template/validation/schema-problem.ts";
import { schemaValidator, type ValidateOptions } from "../../../schema/template/validation/schema-validator.ts";
import { plainNumbers } from "../../values/json.ts";

/** Compiled schemas and templates. Compiling one costs many times what it costs to validate values, and thousands of runs share the same
 *  few. Cached by their text, so that no change needs to invalidate anything. */

/** How many are cached, and the longest text that is. */
const MOST = 300;
const LONGEST = 256 * 1024;

function memoized<V>(make: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) {
      // Least recently used first.
      known.delete(text);
      known.set(text, found);
      return found;
    }
    const created = make(text);
    if (text.length > LONGEST) return created;
    known.set(text, created);
    if (known.size > MOST) known.delete(known.keys().next().value as string);
    return created;
  };
}

/** Job variables by a pool's template (JSON text); `required`: whether required ones must be there. */
export const templateValidator: (template: string) => (values: PlanObject, required: boolean) => ValidationResult =
  memoized((text) => {
    const validate = jobVariablesValidator(JSON.parse(text) as PlanObject);
    return (values, required) => validate(plainNumbers(values), required);
  });

/** A run's parameters by a schema (JSON text). */
export const runParametersValidator: (schema: string) => (values: PlanObject) => ValidationResult = memoized((text) =>
  parametersValidator(text, { enforceRequired: true }),
);

/** A deployment's parameters by a schema (JSON text): not all that are required have to be there yet. */
export const deploymentParametersValidator: (schema: string) => (values: PlanObject) => ValidationResult = memoized(
  (text) => parametersValidator(text, { enforceRequired: false }),
);

function parametersValidator(schema: string, options: ValidateOptions): (values: PlanObject) => ValidationResult {
  const validate = schemaValidator(JSON.parse(schema) as PlanObject, options);
  return (values) => validate(plainNumbers(values));
}
