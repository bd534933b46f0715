import { z } from "zod";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import type { FlowRow } from "../../store/tables/flow-runs.ts";

export const flowView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    tags: view.json,
    labels: view.document.nullable(),
  })
  .meta({ id: "Flow" });

export function presentFlow(row: FlowRow): z.input<typeof flowView> {
  const { id, created, updated, name } = row;
  return { id, created, updated, name, tags: new JsonText(row.tags), labels: new JsonText(row.labels) };
}
