import { z } from "zod";
import { problemWithNewParameters } from "../../domain/parameters/check-parameters.ts";
import { model } from "../../http/request/body.ts";
import { document, isDocument, text, uuid } from "../../http/request/request-types.ts";
import { RequestValidationError } from "../../http/request/validation-error.ts";
import { labels, parameters } from "../flow-runs/fields.ts";
import {
  concurrencyOptions,
  hasTwoLimits,
  optionalFlag,
  optionalId,
  optionalText,
  ownLimit,
  parameterSchema,
  pullSteps,
  TWO_LIMITS,
  tags,
  versionInfo,
  withoutForgotten,
} from "./fields.ts";
import { newSchedule, scheduleChanges } from "./schedule-fields.ts";

const newDeploymentFields = model({
  name: text({
    check: (value) => (/[/%&><]/.test(value) ? "name must not contain any of / % & > <" : undefined),
  }),
  flow_id: uuid(),
  paused: optionalFlag,
  schedules: z.array(newSchedule).default([]),
  concurrency_limit: ownLimit,
  concurrency_options: concurrencyOptions,
  global_concurrency_limit_id: optionalId,
  enforce_parameter_schema: optionalFlag,
  parameter_openapi_schema: parameterSchema,
  parameters: parameters().default({}),
  tags,
  labels: labels().default({}),
  pull_steps: pullSteps,
  work_queue_name: optionalText,
  work_pool_name: optionalText,
  storage_document_id: optionalId,
  infrastructure_document_id: optionalId,
  description: optionalText,
  path: optionalText,
  version: optionalText,
  entrypoint: optionalText,
  job_variables: document().optional(),
  version_info: versionInfo,
});

/** A new deployment. Some rules look at the whole body before its fields are read, as upstream's. */
export const newDeployment: typeof newDeploymentFields = {
  ...newDeploymentFields,
  read: (given) => newDeploymentFields.read(checkWhole(given, [twoLimits, unfitParameters])),
};

const deploymentChangeFields = model({
  version: optionalText,
  description: optionalText,
  paused: optionalFlag,
  schedules: z.array(z.strictObject(scheduleChanges)).optional(),
  concurrency_limit: ownLimit,
  concurrency_options: concurrencyOptions,
  global_concurrency_limit_id: optionalId,
  // Upstream takes null for this and for enforce_parameter_schema, and then runs into its own columns (409).
  parameters: parameters().optional(),
  parameter_openapi_schema: parameterSchema,
  tags,
  work_queue_name: optionalText,
  work_pool_name: optionalText,
  path: optionalText,
  job_variables: document().nullable().optional(),
  pull_steps: pullSteps,
  entrypoint: optionalText,
  storage_document_id: optionalId,
  infrastructure_document_id: optionalId,
  enforce_parameter_schema: optionalFlag,
  version_info: versionInfo,
});

export const deploymentChanges: typeof deploymentChangeFields = {
  ...deploymentChangeFields,
  read: (given) => deploymentChangeFields.read(checkWhole(given, [twoLimits])),
};

type Rule = (given: Record<string, unknown>) => string | undefined;

function checkWhole(given: unknown, rules: readonly Rule[]): unknown {
  if (!isDocument(given)) return given;
  for (const rule of rules) {
    const complaint = rule(given);
    if (complaint === undefined) continue;
    throw new RequestValidationError([
      { type: "value_error", loc: ["body"], msg: `Value error, ${complaint}`, input: given, ctx: { error: {} } },
    ]);
  }
  return withoutForgotten(given);
}

const twoLimits: Rule = (given) => (hasTwoLimits(given) ? TWO_LIMITS : undefined);

/** Only when the body itself says that the schema is enforced. */
const unfitParameters: Rule = ({ enforce_parameter_schema: enforce, parameter_openapi_schema: schema, parameters }) => {
  const fits = isDocument(schema) && (parameters === undefined || isDocument(parameters));
  return enforce === true && fits ? problemWithNewParameters(schema, parameters ?? {}) : undefined;
};
