import { z } from "zod";
import { view } from "../../http/response/view-types.ts";
import type { LogRow } from "../../store/tables/logs.ts";

export const logView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    level: view.integer,
    message: view.text,
    timestamp: view.timestamp,
    flow_run_id: view.uuid.nullable(),
    task_run_id: view.uuid.nullable(),
  })
  .meta({ id: "Log" });

export function presentLog(row: LogRow): z.input<typeof logView> {
  return row;
}
