import { z } from "zod";
import { isObject, type JsonObject } from "../../schema/json.ts";

/** Any object of the API: its UUID, and the rest as it came. */
export const apiObject: z.ZodType<JsonObject & { id: string }> = z.custom<JsonObject & { id: string }>(
  (value) => isObject(value) && typeof (value as JsonObject).id === "string" && (value as JsonObject).id !== "",
  { error: "expected an object with an id" },
);

/** Routes whose answer holds nothing that matters (204, or `null`). A page of HTML instead is still no success. */
export const nothing: z.ZodType<void> = z.unknown().transform(() => undefined);
