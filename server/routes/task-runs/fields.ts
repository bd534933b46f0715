import { z } from "zod";
import type { TaskRunPolicy } from "../../domain/orchestration/task-run-transition.ts";
import { float, integer, refuse, requestType, text, uuid, valueError } from "../../http/request/request-types.ts";

const MAX_DELAYS = 50;

/** How a task run is retried. The old names stand in for the new ones. */
export function taskRunPolicy() {
  return z
    .object({
      max_retries: integer().default(0),
      retry_delay_seconds: float().default(0),
      retries: integer().nullable().default(null),
      retry_delay: delays().nullable().default(null),
      retry_jitter_factor: jitter().nullable().default(null),
    })
    .transform(
      (policy): TaskRunPolicy => ({
        ...policy,
        retries: policy.retries || policy.max_retries || policy.retries,
        retry_delay: policy.retry_delay || policy.retry_delay_seconds || policy.retry_delay,
      }),
    );
}

function delays() {
  return requestType<number | number[]>({ anyOf: [{ type: "number" }, { type: "array" }] }, (value) => {
    const list = Array.isArray(value) ? value : [value];
    if (!list.every((delay) => typeof delay === "number"))
      return refuse("float_type", "Input should be a valid number");
    if (list.length > MAX_DELAYS) return valueError("Can not configure more than 50 retry delays per task.");
    return value as number | number[];
  });
}

function jitter() {
  return requestType({ type: "number" }, (value) => {
    if (typeof value !== "number") return refuse("float_type", "Input should be a valid number");
    return value < 0 ? valueError("`retry_jitter_factor` must be >= 0.") : value;
  });
}

/** Where a parameter of a task comes from. Unknown members are ignored. */
export const taskInput = z.union([
  z.object({ input_type: z.literal("task_run").default("task_run"), id: uuid() }),
  z.object({ input_type: z.literal("flow_run"), id: uuid() }),
  z.object({ input_type: z.literal("parameter").default("parameter"), name: text() }),
  z.object({ input_type: z.literal("constant").default("constant"), type: text() }),
]);
