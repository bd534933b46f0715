import { z } from "zod";
import type { FlowRunPolicy } from "../../domain/orchestration/policy.ts";
import {
  flag,
  float,
  integer,
  isDocument,
  literal,
  refuse,
  requestType,
  text,
  valueError,
} from "../../http/request/request-types.ts";
import { toJson } from "../../values/json.ts";

/** Most bytes of parameters, as JSON. */
const MAX_PARAMETER_BYTES = 512 * 1024;

/** Parameters of a flow. Source: prefect/server/schemas/actions.py, SizedParameters. */
export function parameters() {
  return requestType({ type: "object", additionalProperties: true }, (value) => {
    if (!isDocument(value)) return refuse("dict_type", "Input should be a valid dictionary");
    const size = Buffer.byteLength(toJson(value));
    if (size <= MAX_PARAMETER_BYTES) return value;
    return valueError(`Flow run parameters size (${size} bytes) exceeds maximum of ${MAX_PARAMETER_BYTES} bytes`);
  });
}

/** Labels: strings, numbers and booleans by name; null: none. */
export function labels() {
  return z
    .unknown()
    .transform((value, context): Record<string, unknown> => {
      if (value === null) return {};
      if (!isDocument(value)) {
        addIssue(context, [], "dict_type", "Input should be a valid dictionary", value);
        return z.NEVER;
      }
      for (const [name, label] of Object.entries(value)) {
        if (["string", "number", "bigint", "boolean"].includes(typeof label)) continue;
        for (const [kind, type, msg] of LABELS) addIssue(context, [name, kind], type, msg, label);
      }
      return value;
    })
    .meta({ type: "object", additionalProperties: true });
}

/** What a label may be. A value that is none of them gets all four errors, as in pydantic. */
const LABELS = [
  ["bool", "bool_type", "Input should be a valid boolean"],
  ["int", "int_type", "Input should be a valid integer"],
  ["float", "float_type", "Input should be a valid number"],
  ["str", "string_type", "Input should be a valid string"],
] as const;

/** How a flow run is retried. The old names stand in for the new ones. */
export function flowRunPolicy() {
  return z
    .object({
      max_retries: integer().default(0),
      retry_delay_seconds: float().default(0),
      retries: integer().nullable().default(null),
      retry_delay: integer().nullable().default(null),
      pause_keys: z.array(text()).nullable().default([]),
      resuming: flag().nullable().default(false),
      retry_type: literal("in_process", "reschedule").nullable().default(null),
    })
    .transform((policy, context): FlowRunPolicy => {
      const retry_delay = policy.retry_delay || policy.retry_delay_seconds || policy.retry_delay;
      if (retry_delay !== null && !Number.isInteger(retry_delay)) {
        const msg = "Input should be a valid integer, got a number with a fractional part";
        addIssue(context, ["retry_delay"], "int_from_float", msg, retry_delay);
      }
      return {
        ...policy,
        retries: policy.retries || policy.max_retries || policy.retries,
        retry_delay,
        pause_keys: policy.pause_keys === null ? null : [...new Set(policy.pause_keys)],
      };
    });
}

function addIssue(context: z.core.ParsePayload, path: string[], type: string, message: string, input: unknown): void {
  context.issues.push({ code: "custom", input, message, path, params: { type, input } });
}
