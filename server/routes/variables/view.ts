import { z } from "zod";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import type { VariableRow } from "../../store/tables/variables.ts";

export const variableView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    value: view.json,
    tags: view.json,
  })
  .meta({ id: "Variable" });

export function presentVariable(row: VariableRow): z.input<typeof variableView> {
  return { ...row, value: new JsonText(row.value), tags: new JsonText(row.tags) };
}
