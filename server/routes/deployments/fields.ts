import { z } from "zod";
import { document, flag, integer, oneOf, text, uuid } from "../../http/request/request-types.ts";

/** Single fields of new deployments and of changes. The bodies (bodies.ts) put them in upstream's order: so are complaints. Absent: left
 *  as it is. */
export const optionalText = text().nullable().optional();
export const optionalId = uuid().nullable().optional();
export const optionalFlag = flag().optional();
export const tags = z.array(text()).optional();
export const pullSteps = z.array(document()).nullable().optional();
export const ownLimit = integer({ gt: 0 }).nullable().optional();

/** An empty one is filled in. */
export const parameterSchema = document()
  .transform((schema) => (Object.keys(schema).length === 0 ? { type: "object", properties: {} } : schema))
  .nullable()
  .optional();

/** Members that are not known are not looked at. */
export const concurrencyOptions = z
  .object({
    collision_strategy: oneOf("ENQUEUE", "CANCEL_NEW"),
    grace_period_seconds: integer({ ge: 60, le: 86_400 }).nullable().default(null),
  })
  .nullable()
  .optional();

/** Taken, and not kept: versions are Prefect Cloud's. */
export const versionInfo = z.looseObject({ type: text(), version: text() }).nullable().optional();

/** Old clients' names for pool and queue: not looked at, as upstream. */
const FORGOTTEN = ["worker_pool_queue_id", "worker_pool_name", "worker_pool_queue_name", "work_pool_queue_name"];

export function withoutForgotten(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([key]) => !FORGOTTEN.includes(key)));
}

export function hasTwoLimits(given: { concurrency_limit?: unknown; global_concurrency_limit_id?: unknown }): boolean {
  return Boolean(given.concurrency_limit) && Boolean(given.global_concurrency_limit_id);
}

export const TWO_LIMITS = "A deployment cannot have both a concurrency limit and a global concurrency limit.";
