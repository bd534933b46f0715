import { z } from "zod";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import type { AutomationRow } from "../../store/tables/automations.ts";

export const automationView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    description: view.text,
    enabled: view.flag,
    tags: view.json,
    trigger: view.document,
    actions: view.json,
    actions_on_trigger: view.json,
    actions_on_resolve: view.json,
  })
  .meta({ id: "Automation" });

export function presentAutomation(row: AutomationRow): z.input<typeof automationView> {
  return {
    ...row,
    enabled: row.enabled === 1,
    tags: new JsonText(row.tags),
    trigger: new JsonText(row.trigger),
    actions: new JsonText(row.actions),
    actions_on_trigger: new JsonText(row.actions_on_trigger),
    actions_on_resolve: new JsonText(row.actions_on_resolve),
  };
}
