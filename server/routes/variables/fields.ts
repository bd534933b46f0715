import { z } from "zod";
import { anyJson, text } from "../../http/request/request-types.ts";
import { toJson } from "../../values/json.ts";

/** Most bytes of a value, as JSON. */
const MAX_BYTES = 5000;

export function variableName() {
  return text({
    maxLength: 255,
    check: (value) =>
      /^[a-z0-9_-]*$/.test(value)
        ? undefined
        : "Variable name must only contain lowercase letters, numbers, and dashes or underscores.",
  });
}

/** Any JSON value, null included. */
export function variableValue() {
  return anyJson((value) =>
    Buffer.byteLength(toJson(value)) <= MAX_BYTES
      ? undefined
      : `Variable value must be less than ${MAX_BYTES} characters`,
  );
}

export const tags = z.array(text());
