import { z } from "zod";
import { eventJson } from "../../domain/events/event.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import type { EventRow } from "../../store/tables/events.ts";

const eventView = z
  .strictObject({
    occurred: view.timestamp,
    event: view.text,
    resource: view.document,
    related: z.array(view.document),
    payload: view.document,
    id: view.uuid,
    follows: view.uuid.nullable(),
    received: view.timestamp,
  })
  .meta({ id: "ReceivedEvent" });

export const eventPageView = z
  .strictObject({
    events: z.array(eventView),
    total: view.integer,
    next_page: z.url().nullable(),
  })
  .meta({ id: "EventPage" });

/** An event fits its view, written already. */
export function presentEvent(row: EventRow): z.input<typeof eventView> {
  return new JsonText(eventJson(row)) as unknown as z.input<typeof eventView>;
}
