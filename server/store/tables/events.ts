import type { Timestamp } from "../../values/timestamp.ts";

export interface EventTables {
  event: EventRow;
  event_resource: EventResourceRow;
}

export interface EventRow {
  /** Chosen by the sender, so that retries are idempotent. */
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
  /** The event that certainly came before it. */
  follows: string | null;
}

/** The resources of events, for finding events by them. Deleted with their events by age, without a foreign key. */
export interface EventResourceRow {
  event_id: string;
  occurred: Timestamp;
  resource_id: string;
  /** Empty: the resource that the event is about. */
  resource_role: string;
}
