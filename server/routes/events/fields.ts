import { z } from "zod";
import type { Labels, NewEvent } from "../../domain/events/event.ts";
import { parseTextSearch } from "../../domain/text-search.ts";
import { document, oneOf, refuse, requestType, text, timestamp, uuid } from "../../http/request/request-types.ts";
import type { EventFilter } from "../../store/filters/events.ts";
import { globTest, MAX_PATTERN_LENGTH } from "../../store/sql/glob.ts";
import { addSeconds, type Timestamp } from "../../values/timestamp.ts";
import { criteria, listOf } from "../filters.ts";

/** Source of the limits: prefect/settings/models/server/events.py. */
const MAX_LABELS = 500;
const MAX_RELATED = 100;
const MAX_NAME_CHARACTERS = 1024;

/** A label's value. Characters that no database can store are removed, so that a log line in a label does not fail the event. */
const label = requestType<string>({ type: "string" }, (value) =>
  typeof value === "string"
    ? value.replaceAll("\u0000", "").toWellFormed()
    : refuse("string_type", "Input should be a valid string"),
);

function valueErrorIssue(text: string) {
  return {
    code: "custom" as const,
    message: `Value error, ${text}`,
    params: { type: "value_error", ctx: { error: {} } },
  };
}

function labels(required: Record<string, { missing: string; empty: string }>) {
  return z.record(z.string(), label).superRefine((resource: Labels, context) => {
    if (Object.keys(resource).length > MAX_LABELS) {
      context.addIssue(valueErrorIssue(`The maximum number of labels per resource is ${MAX_LABELS}`));
    }
    for (const [name, texts] of Object.entries(required)) {
      const value = Object.hasOwn(resource, name) ? resource[name] : undefined;
      if (value === undefined) context.addIssue(valueErrorIssue(texts.missing));
      else if (value === "") context.addIssue(valueErrorIssue(texts.empty));
    }
  });
}

const ID = {
  "prefect.resource.id": {
    missing: "Resources must include the prefect.resource.id label",
    empty: "The prefect.resource.id label must be non-empty",
  },
};
const ID_AND_ROLE = {
  ...ID,
  "prefect.resource.role": {
    missing: "Related Resources must include the prefect.resource.role label",
    empty: "The prefect.resource.role label must be non-empty",
  },
};

/** An event as clients send it. Unknown members are ignored. */
export const newEvent = z
  .object({
    occurred: timestamp(),
    event: text({
      check: (name) =>
        name.length > MAX_NAME_CHARACTERS ? `Event name must be at most ${MAX_NAME_CHARACTERS} characters` : undefined,
    }),
    resource: labels(ID),
    related: z
      .array(labels(ID_AND_ROLE))
      .default([])
      .superRefine((related, context) => {
        if (related.length <= MAX_RELATED) return;
        context.addIssue(valueErrorIssue(`The maximum number of related resources is ${MAX_RELATED}`));
      }),
    payload: document().default({}),
    id: uuid(),
    follows: uuid().nullable().default(null),
  })
  .meta({ id: "Event" }) satisfies z.ZodType<NewEvent>;

/** How far back a filter without a lower bound looks. */
const DEFAULT_DAYS = 180;

const texts = listOf(text());

/** A glob. One that does not compile (such as `[z-a]`) is refused here, not in the query. */
const pattern = text({
  maxLength: MAX_PATTERN_LENGTH,
  check: (value) => {
    try {
      globTest(value);
      return undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return "not a pattern";
      throw error;
    }
  },
});

const specification = z
  .record(z.string(), z.union([pattern, z.array(pattern)]))
  .nullable()
  .optional();

const related = z.strictObject({
  id: texts,
  role: texts,
  resources_in_roles: z
    .array(z.tuple([text(), text()]))
    .nullable()
    .optional(),
  labels: specification,
});

const anyResource = z.strictObject({ id: texts, id_prefix: texts, labels: specification });

export const eventFilterBody = z
  .strictObject({
    occurred: z.strictObject({ since: timestamp().optional(), until: timestamp().optional() }).optional(),
    event: criteria({ prefix: texts, exclude_prefix: texts, name: texts, exclude_name: texts }),
    resource: criteria({ id: texts, id_prefix: texts, labels: specification, distinct: z.boolean().default(false) }),
    related: z
      .union([related, z.array(related)])
      .nullable()
      .optional(),
    any_resource: z
      .union([anyResource, z.array(anyResource)])
      .nullable()
      .optional(),
    id: z.strictObject({ id: listOf(uuid()) }).optional(),
    text: z
      .strictObject({ query: text({ maxLength: 200 }) })
      .nullable()
      .optional(),
    order: oneOf("ASC", "DESC").default("DESC"),
  })
  .meta({ id: "EventFilter" });

export type EventFilterBody = z.output<typeof eventFilterBody>;

/** The filter with both bounds; by default, from half a year ago until now. */
export function withBounds(body: EventFilterBody, now: Timestamp): EventFilterBody & Pick<EventFilter, "occurred"> {
  const { since, until } = body.occurred ?? {};
  const today = `${now.slice(0, 10)}T00:00:00.000000Z`;
  return { ...body, occurred: { since: since ?? addSeconds(today, -DEFAULT_DAYS * 86_400), until: until ?? now } };
}

export function toEventFilter(body: ReturnType<typeof withBounds>): EventFilter {
  const { text, ...filter } = body;
  return { ...filter, text: text == null ? null : parseTextSearch(text.query) };
}
