import type { PlanObject } from "../../../schema/json.ts";
import { ApiError, type ApiErrorCode } from "../api-error.ts";
import { templateValidator } from "./validators.ts";

/** Refuses job variables that the pool's template does not allow. Later layers override earlier ones, member by member.
 *  `required`: whether the template's required variables must all be there, as they must for a run.
 *  `template`: JSON text. Throws: ApiError `refusal`. Source: prefect/server/api/validation.py. */
export function checkJobVariables(
  template: string,
  layers: readonly (Record<string, unknown> | null)[],
  { required, doing, refusal = "unprocessable" }: { required: boolean; doing: string; refusal?: ApiErrorCode },
): void {
  const values = Object.assign({}, ...layers) as PlanObject;
  const [problem] = templateValidator(template)(values, required).problems;
  if (problem === undefined) return;
  // Errors in the template itself come without the prefix.
  if (problem.rule === "template/missing-block") throw new ApiError("not_found", problem.detail);
  throw new ApiError(refusal, problem.rule === "schema/invalid" ? problem.detail : `Error ${doing}: ${problem.detail}`);
}
