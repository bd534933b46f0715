import { z } from "zod";
import { parseTextSearch } from "../../domain/text-search.ts";
import { integer, refuse, requestType, text, timestamp, uuid } from "../../http/request/request-types.ts";
import type { LogFilter } from "../../store/queries/logs.ts";
import { anyOf, criteria, listOf, operator, optionalFlag, span } from "../filters.ts";

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
    operator,
    level: criteria({ ge_: integer().nullable().optional(), le_: integer().nullable().optional() }),
    timestamp: span,
    flow_run_id: anyOf(uuid()),
    task_run_id: criteria({ any_: listOf(uuid()), is_null_: optionalFlag }),
    text: z
      .strictObject({ query: text({ maxLength: 200 }) })
      .nullable()
      .optional(),
  })
  .meta({ id: "LogFilter" });

export function toLogFilter({ text, ...filter }: z.output<typeof logFilterBody>): LogFilter {
  return { ...filter, text: text == null ? null : parseTextSearch(text.query) };
}
