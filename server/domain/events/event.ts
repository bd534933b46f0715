import type { EventResourceRow, EventRow } from "../../store/tables/events.ts";
import { toJson } from "../../values/json.ts";
import type { Timestamp } from "../../values/timestamp.ts";

/** The labels of a resource in an event. Always with `prefect.resource.id`, related ones with `prefect.resource.role`. */
export type Labels = Record<string, string>;

/** An event as its sender reports it. */
export interface NewEvent {
  id: string;
  /** By the sender's clock. */
  occurred: Timestamp;
  /** Its name: `prefect.flow-run.Completed`. */
  event: string;
  resource: Labels;
  related: readonly Labels[];
  payload: Record<string, unknown>;
  /** The event that certainly came before it. */
  follows: string | null;
}

export interface Event extends NewEvent {
  received: Timestamp;
}

const ID = "prefect.resource.id";
const ROLE = "prefect.resource.role";

/** Longer events (as JSON) are left out. Source: prefect/settings/models/server/events.py. */
export const MOST_EVENT_BYTES = 1_500_000;

export function resourceId(resource: Labels): string {
  return resource[ID] ?? "";
}

/** The first related resource in that role. */
export function relatedInRole(event: NewEvent, role: string): Labels | undefined {
  return event.related.find((related) => related[ROLE] === role);
}

export function writeEvent(event: Event): EventRow {
  return {
    id: event.id,
    occurred: event.occurred,
    received: event.received,
    event: event.event,
    resource_id: resourceId(event.resource),
    resource: toJson(event.resource),
    related: toJson(event.related),
    payload: toJson(event.payload),
    follows: event.follows,
  };
}

/** The event's resources, each once in each role. */
export function writeResources({ id, occurred, resource, related }: Event): EventResourceRow[] {
  const rows = new Map<string, EventResourceRow>();
  const add = (labels: Labels, role: string): void => {
    const resource_id = resourceId(labels);
    rows.set(`${role} ${resource_id}`, { event_id: id, occurred, resource_id, resource_role: role });
  };
  add(resource, "");
  for (const labels of related) add(labels, labels[ROLE] ?? "");
  return [...rows.values()];
}

/** The event as the API shows it. */
export function eventJson(row: EventRow): string {
  const { occurred, event, id, follows, received } = row;
  const text = (value: string | null) => toJson(value);
  return `{"occurred":${text(occurred)},"event":${text(event)},"resource":${row.resource},"related":${row.related},"payload":${row.payload},"id":${text(id)},"follows":${text(follows)},"received":${text(received)}}`;
}
