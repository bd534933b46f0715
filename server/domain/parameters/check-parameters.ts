import type { PlanObject } from "../../../schema/json.ts";
import type { SchemaProblem } from "../../../schema/template/validation/schema-problem.ts";
import { validateAgainst, validateSchema } from "../../../schema/template/validation/schema-validator.ts";
import type { Db } from "../../store/store.ts";
import { plainNumbers } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import { HydrationError, hydrate } from "./hydrate.ts";
import { deploymentParametersValidator, runParametersValidator } from "./validators.ts";

/** How a deployment's and a run's parameters are validated. Source: prefect/server/api/deployments.py. */

/** Parameters with values in place of placeholders. Throws: ApiError `bad_request`. */
export async function hydrated(
  db: Db,
  parameters: Record<string, unknown>,
  of: "deployment" | "flow run",
): Promise<Record<string, unknown>> {
  try {
    return await hydrate(db, parameters);
  } catch (error) {
    if (!(error instanceof HydrationError)) throw error;
    throw new ApiError("bad_request", `Error hydrating ${of} parameters: ${error.message}`);
  }
}

/** Refuses parameters that the schema does not allow. `schema`: JSON text, null for none at all.
 *  Throws: ApiError `conflict`, or `unprocessable` for a schema that refers to itself without end. */
export function checkParameters(
  schema: string | null,
  parameters: Record<string, unknown>,
  { required, doing }: { required: boolean; doing: "updating deployment" | "creating flow run" },
): void {
  if (schema === null) {
    throw new ApiError(
      "conflict",
      "Error updating deployment: Cannot update parameters because parameter schema enforcement is enabled and the deployment does not have a valid parameter schema.",
    );
  }
  const validate = required ? runParametersValidator(schema) : deploymentParametersValidator(schema);
  const [problem] = validate(parameters as PlanObject).problems;
  if (problem === undefined) return;
  if (problem.rule === "schema/circular") throw new ApiError("unprocessable", problem.detail);
  throw new ApiError("conflict", `Error ${doing}: ${problem.detail}`);
}

/** The first problem with the parameters of a new deployment and its schema; `undefined`: none. */
export function problemWithNewParameters(
  schema: object | null | undefined,
  parameters: Record<string, unknown>,
): string | undefined {
  if (schema == null) return undefined;
  const plain = plainNumbers(schema) as PlanObject;
  const [invalid] = validateSchema(plain).problems;
  if (invalid !== undefined) return notASchema(invalid);
  const values = plainNumbers(parameters) as PlanObject;
  return validateAgainst(plain, values, { enforceRequired: false }).problems[0]?.detail;
}

function notASchema({ detail }: SchemaProblem): string {
  const reason = detail.replace(/^Invalid schema: /, "");
  return `The provided schema is not a valid json schema. Schema error: ${reason}`;
}
