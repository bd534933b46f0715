import { z } from "zod";
import type { JsonText } from "./json-text.ts";
import type { PlainText } from "./plain-text.ts";

/** Field types of answers. Handlers hand over what fits; answers are only checked against them in tests (config.checkResponses). */
export const view = {
  uuid: z.uuid(),
  text: z.string(),
  integer: z.int(),
  number: z.number(),
  flag: z.boolean(),
  timestamp: z.iso.datetime({ precision: 6 }).meta({ format: "date-time" }),
  /** A user's document: straight from its column, or built. */
  document: z
    .custom<JsonText | Record<string, unknown>>((value) => typeof value === "object" && value !== null)
    .meta({ type: "object", additionalProperties: true }),
  /** Any JSON. */
  json: z.custom<JsonText | unknown>(() => true).meta({}),
  /** Not JSON at all. */
  plain: z.custom<PlainText>(() => true).meta({}),
};
