import type { PlanObject } from "../../../schema/json.ts";
import { lintTemplate } from "../../../schema/template/lint/lint-template.ts";
import { RequestValidationError } from "../../http/request/validation-error.ts";
import { plainNumbers } from "../../values/json.ts";

/** Refuses a base job template that Prefect's own server refuses on that operation. Throws: RequestValidationError. */
export function checkTemplate(
  template: Record<string, unknown>,
  options: { operation: "create" | "update"; poolType?: string | undefined },
): void {
  const problems = lintTemplate(plainNumbers(template) as PlanObject, options).filter(
    (problem) => problem.severity === "error",
  );
  if (problems.length === 0) return;
  throw new RequestValidationError(
    problems.map(({ path, message }) => ({
      type: "value_error",
      loc: ["body", "base_job_template", ...path],
      msg: `Value error, ${message}`,
      input: null,
    })),
  );
}
