import type { PlanObject } from "../../../schema/json.ts";
import { jobVariablesValidator } from "../../../schema/template/validation/job-variables.ts";
import type { ValidationResult } from "../../../schema/template/validation/schema-problem.ts";
import { schemaValidator, type ValidateOptions } from "../../../schema/template/validation/schema-validator.ts";
import { plainNumbers } from "../../values/json.ts";

/** Schemas and templates that runs are judged by, ready for use. Looking at a schema costs many times what it costs to judge values by
 *  it, and thousands of runs are judged by the same few. Found by their text, so there is nothing to forget when they change. */

/** How many are kept, and how long a text may be to be kept. */
const MOST = 300;
const LONGEST = 256 * 1024;

function memoized<V>(make: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) {
      // The last used stay longest.
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
