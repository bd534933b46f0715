import type { Timestamp } from "../../values/timestamp.ts";

export interface EventTables {
  event: EventRow;
  event_resource: EventResourceRow;
}

export interface EventRow {
  /** Chosen by the sender: the same event sent twice is one. */
  id: string;
  /** By the sender's clock. */
  occurred: Timestamp;
  received: Timestamp;
  /** Its name. */
  event: string;
  resource_id: string;
  /** JSON object of labels, with the id. */
  resource: string;
  /** JSON list of such objects, each with id and role. */
  related: string;
  /** JSON object. */
  payload: string;
  /** The event that came before it for sure. */
  follows: string | null;
}

/** Who takes part in an event, for finding events by them. Goes with its event by age, not by reference. */
export interface EventResourceRow {
  event_id: string;
  occurred: Timestamp;
  resource_id: string;
  /** Empty: the resource that the event is about. */
  resource_role: string;
}
