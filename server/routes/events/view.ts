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

/** The text of an event in the database already fits its view. */
const eventJsonView: z.ZodType<z.output<typeof eventView>, z.input<typeof eventView> | JsonText> = eventView;

export const eventPageView = z
  .strictObject({
    events: z.array(eventJsonView),
    total: view.integer,
    next_page: z.url().nullable(),
  })
  .meta({ id: "EventPage" });

export function presentEvent(row: EventRow): JsonText {
  return new JsonText(eventJson(row));
}

export const eventCountView = z
  .strictObject({
    value: view.text,
    label: view.text,
    count: view.integer,
    start_time: view.timestamp,
    end_time: view.timestamp,
  })
  .meta({ id: "EventCount" });

export type EventCount = z.input<typeof eventCountView>;
