import { z } from "zod";
import type { PlanObject } from "../../../schema/json.ts";
import { lintTemplate } from "../../../schema/template/lint/lint-template.ts";
import { document, name, uuid } from "../../http/request/request-types.ts";
import { RequestValidationError } from "../../http/request/validation-error.ts";
import { plainNumbers } from "../../values/json.ts";

/** A name that is more than blanks and quotes. */
export function poolName() {
  return name({
    checkFirst: (value) => (/^['" ]*$/.test(value) ? "name cannot be an empty string" : undefined),
  });
}

export function storageConfiguration() {
  return z.strictObject({
    bundle_upload_step: document().nullable().default(null),
    bundle_execution_step: document().nullable().default(null),
    default_result_storage_block_id: uuid().nullable().default(null),
  });
}

/** Refuses a base job template that Prefect's own server refuses in that operation. Throws: RequestValidationError. */
export function checkTemplate(
  template: Record<string, unknown>,
  options: { operation: "create" | "update"; poolType?: string | undefined },
): void {
  const errors = lintTemplate(plainNumbers(template) as PlanObject, options).filter(
    (problem) => problem.severity === "error",
  );
  if (errors.length === 0) return;
  throw new RequestValidationError(
    errors.map(({ path, message }) => ({
      type: "value_error",
      loc: ["body", "base_job_template", ...path],
      msg: `Value error, ${message}`,
      input: null,
    })),
  );
}
