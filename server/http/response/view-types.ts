import type { Readable } from "node:stream";
import { z } from "zod";
import type { JsonText } from "./json-text.ts";

/** A response body that is not JSON: a text, or a stream where it may be long. */
export class PlainText {
  readonly text: string | Readable;
  readonly type: string;

  constructor(text: string | Readable, type = "text/plain; charset=utf-8") {
    this.text = text;
    this.type = type;
  }
}

/** Field types of responses. Handlers return what fits; responses are only checked against them in tests (config.checkResponses). */
export const view = {
  uuid: z.uuid(),
  text: z.string(),
  integer: z.int(),
  number: z.number(),
  flag: z.boolean(),
  timestamp: z.iso.datetime({ precision: 6 }).meta({ format: "date-time" }),
  /** A JSON object: the text of a column, or built. */
  document: z
    .custom<JsonText | Record<string, unknown>>((value) => typeof value === "object" && value !== null)
    .meta({ type: "object", additionalProperties: true }),
  /** Any JSON value. */
  json: z.custom<JsonText | unknown>(() => true).meta({}),
  /** Not JSON. */
  plain: z.custom<PlainText>(() => true).meta({}),
};
