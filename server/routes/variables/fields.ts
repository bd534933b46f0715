import { z } from "zod";
import { anyJson, text } from "../../http/request/request-types.ts";
import { toJson } from "../../values/json.ts";

/** Of the value as JSON. */
const MOST_BYTES = 5000;

export function variableName() {
  return text({
    maxLength: 255,
    check: (value) =>
      /^[a-z0-9_-]*$/.test(value)
        ? undefined
        : "Variable name must only contain lowercase letters, numbers, and dashes or underscores.",
  });
}

/** Any JSON, null included, of a bounded size. */
export function variableValue() {
  return anyJson((value) =>
    Buffer.byteLength(toJson(value)) <= MOST_BYTES
      ? undefined
      : `Variable value must be less than ${MOST_BYTES} characters`,
  );
}

export const tags = z.array(text());
