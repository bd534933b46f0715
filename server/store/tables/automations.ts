import type { Timestamp } from "../../values/timestamp.ts";
import type { Flag } from "./flag.ts";

export interface AutomationTables {
  automation: AutomationRow;
  automation_resource: AutomationResourceRow;
}

/** Stored, but never fired. */
export interface AutomationRow {
  id: string;
  created: Timestamp;
  updated: Timestamp;
  name: string;
  description: string;
  enabled: Flag;
  /** JSON list of strings. */
  tags: string;
  /** JSON object. */
  trigger: string;
  /** JSON list of objects. */
  actions: string;
  /** JSON list of objects. */
  actions_on_trigger: string;
  /** JSON list of objects. */
  actions_on_resolve: string;
}

/** A resource that an automation is related to. */
export interface AutomationResourceRow {
  automation_id: string;
  /** `prefect.deployment.<id>` */
  resource_id: string;
  /** The automation is deleted with the resource. */
  owned: Flag;
}
