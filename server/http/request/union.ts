import { z } from "zod";
import { errorDetails, type ValidationIssue } from "./validation-error.ts";

/** A union of models: the first that fits. A value that fits none gets the errors of all of them, each under its label, as in pydantic. */
export function oneOfModels<T extends z.ZodType>(...models: { label: string; schema: T }[]) {
  return z.unknown().transform((value, context): z.output<T> => {
    if (value === undefined) {
      refuse(context, value, [], { type: "missing", msg: "Field required" });
      return z.NEVER;
    }
    const failures = [];
    for (const { label, schema } of models) {
      const result = schema.safeParse(value);
      if (result.success) return result.data;
      failures.push({ label, details: errorDetails(result.error, value, []) });
    }
    for (const { label, details } of failures) {
      for (const { loc, input, ...issue } of details) refuse(context, value, [label, ...loc], { ...issue, input });
    }
    return z.NEVER;
  });
}

function refuse(
  context: { issues: z.core.$ZodRawIssue[] },
  input: unknown,
  path: (string | number)[],
  { msg, ...params }: ValidationIssue,
): void {
  context.issues.push({ code: "custom", input, message: msg, path, params });
}
