import { z } from "zod";
import { parseTextSearch } from "../../domain/text-search.ts";
import { flag, integer, oneOf, refuse, requestType, text, timestamp, uuid } from "../../http/request/request-types.ts";
import type { LogFilter } from "../../store/queries/logs.ts";
import { anyOf } from "../filters.ts";

/** Characters that no database can store are removed, so that one line does not fail its batch. */
const line = () =>
  requestType<string>({ type: "string" }, (value) =>
    typeof value === "string"
      ? value.replaceAll("\u0000", "").toWellFormed()
      : refuse("string_type", "Input should be a valid string"),
  );

export const newLog = z
  .strictObject({
    name: line(),
    level: integer(),
    message: line(),
    timestamp: timestamp(),
    flow_run_id: uuid().nullable().default(null),
    task_run_id: uuid().nullable().default(null),
  })
  .meta({ id: "LogCreate" });

export const logFilterBody = z
  .strictObject({
    operator: oneOf("and_", "or_").default("and_"),
    level: z
      .strictObject({ ge_: integer().nullable().optional(), le_: integer().nullable().optional() })
      .nullable()
      .optional(),
    timestamp: z
      .strictObject({ before_: timestamp().nullable().optional(), after_: timestamp().nullable().optional() })
      .nullable()
      .optional(),
    flow_run_id: anyOf(uuid()),
    task_run_id: z
      .strictObject({ any_: z.array(uuid()).nullable().optional(), is_null_: flag().nullable().optional() })
      .nullable()
      .optional(),
    text: z
      .strictObject({ query: text({ maxLength: 200 }) })
      .nullable()
      .optional(),
  })
  .meta({ id: "LogFilter" });

export function toLogFilter({ text, ...filter }: z.output<typeof logFilterBody>): LogFilter {
  return { ...filter, text: text == null ? null : parseTextSearch(text.query) };
}
