import { z } from "zod";
import { problemWithNewParameters } from "../../domain/parameters/check-parameters.ts";
import { model } from "../../http/request/body.ts";
import { document, flag, integer, isDocument, oneOf, text, uuid } from "../../http/request/request-types.ts";
import { RequestValidationError } from "../../http/request/validation-error.ts";
import { labels, parameters } from "../flow-runs/fields.ts";
import { newSchedule, scheduleChanges } from "./schedule-fields.ts";

const optionalText = text().nullable().optional();
const optionalId = uuid().nullable().optional();
const optionalFlag = flag().optional();
const tags = z.array(text()).optional();
const pullSteps = z.array(document()).nullable().optional();
const ownLimit = integer({ gt: 0 }).nullable().optional();

/** An empty schema gets the members of an object schema. */
const parameterSchema = document()
  .transform((schema) => (Object.keys(schema).length === 0 ? { type: "object", properties: {} } : schema))
  .nullable()
  .optional();

/** Unknown members are ignored. */
const concurrencyOptions = z
  .object({
    collision_strategy: oneOf("ENQUEUE", "CANCEL_NEW"),
    grace_period_seconds: integer({ ge: 60, le: 86_400 }).nullable().default(null),
  })
  .nullable()
  .optional();

/** Accepted and not stored: only Prefect Cloud has versions. */
const versionInfo = z.looseObject({ type: text(), version: text() }).nullable().optional();

/** Names that old clients have for pool and queue: ignored, as in upstream. */
const IGNORED = ["worker_pool_queue_id", "worker_pool_name", "worker_pool_queue_name", "work_pool_queue_name"];

function withoutIgnored(raw: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !IGNORED.includes(key)));
}

// The order of fields is upstream's: errors are listed in it.
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

/** Some rules check the whole body before its fields, as in upstream. */
export const newDeployment: typeof newDeploymentFields = {
  ...newDeploymentFields,
  read: (raw) => newDeploymentFields.read(checkBody(raw, [checkLimits, checkParameters])),
};

const deploymentChangeFields = model({
  version: optionalText,
  description: optionalText,
  paused: optionalFlag,
  schedules: z.array(z.strictObject(scheduleChanges)).optional(),
  concurrency_limit: ownLimit,
  concurrency_options: concurrencyOptions,
  global_concurrency_limit_id: optionalId,
  // Upstream accepts null for this and for enforce_parameter_schema, and then fails in its own columns (409).
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
  read: (raw) => deploymentChangeFields.read(checkBody(raw, [checkLimits])),
};

type BodyRule = (body: Record<string, unknown>) => string | undefined;

function checkBody(raw: unknown, rules: readonly BodyRule[]): unknown {
  if (!isDocument(raw)) return raw;
  for (const rule of rules) {
    const error = rule(raw);
    if (error === undefined) continue;
    throw new RequestValidationError([
      { type: "value_error", loc: ["body"], msg: `Value error, ${error}`, input: raw, ctx: { error: {} } },
    ]);
  }
  return withoutIgnored(raw);
}

const checkLimits: BodyRule = (body) =>
  body.concurrency_limit && body.global_concurrency_limit_id
    ? "A deployment cannot have both a concurrency limit and a global concurrency limit."
    : undefined;

/** Only where the body itself says that the schema is enforced. */
const checkParameters: BodyRule = ({ enforce_parameter_schema: enforce, parameter_openapi_schema, parameters = {} }) =>
  enforce === true && isDocument(parameter_openapi_schema) && isDocument(parameters)
    ? problemWithNewParameters(parameter_openapi_schema, parameters)
    : undefined;
