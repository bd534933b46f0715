import { z } from "zod";
import { isObject, type JsonObject } from "../../schema/json.ts";
import type { DeploymentAnswer, GlobalLimitAnswer, TagLimitAnswer, WorkPoolAnswer, WorkQueueAnswer } from "./api.ts";

/** Answers of the routes, read where a field matters; what else is in them is left out. */

/** A user's document: kept as it came, key by key. */
const document = z.custom<JsonObject>(isObject, { error: "expected an object" });
const text = z.string();
const maybeText = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const maybeNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
const id = text.min(1);

export const workPoolAnswer: z.ZodType<WorkPoolAnswer> = z.object({
  id,
  created: text,
  name: text,
  type: text,
  description: maybeText,
  is_paused: z.boolean(),
  concurrency_limit: maybeNumber,
  base_job_template: document,
  storage_configuration: document,
  default_queue_id: id,
  status: maybeText,
  active_slots: maybeNumber,
});

export const workQueueAnswer: z.ZodType<WorkQueueAnswer> = z.object({
  id,
  created: text,
  name: text,
  description: z
    .string()
    .nullish()
    .transform((value) => value ?? ""),
  is_paused: z.boolean(),
  concurrency_limit: maybeNumber,
  priority: z.number(),
  work_pool_id: maybeText,
  work_pool_name: maybeText,
  status: maybeText,
  last_polled: maybeText,
});

export const globalLimitAnswer: z.ZodType<GlobalLimitAnswer> = z.object({
  id,
  created: text,
  name: text,
  limit: z.number(),
  active: z.boolean(),
  slot_decay_per_second: z.number(),
  active_slots: z.number(),
});

export const tagLimitAnswer: z.ZodType<TagLimitAnswer> = z.object({
  id,
  created: text,
  tag: text,
  concurrency_limit: z.number(),
});

const deployment = z.looseObject({
  id,
  name: text,
  flow_id: text,
  work_pool_name: maybeText,
  work_queue_name: maybeText,
  job_variables: z
    .custom<JsonObject>(isObject)
    .nullish()
    .transform((value) => value ?? {}),
});

export const deploymentAnswer = deployment as unknown as z.ZodType<DeploymentAnswer>;

/** Routes whose answer says nothing that matters (204, or `null`). A page instead is still no success. */
export const nothing: z.ZodType<void> = z.unknown().transform(() => undefined);
