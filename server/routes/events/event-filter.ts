import { z } from "zod";
import { parseTextSearch } from "../../domain/text-search.ts";
import { oneOf, text, timestamp, uuid } from "../../http/request/request-types.ts";
import type { EventFilter } from "../../store/filters/events.ts";
import { globTest, MOST_PATTERN } from "../../store/sql/glob.ts";
import { addSeconds, type Timestamp } from "../../values/timestamp.ts";

/** How far back a filter looks that does not say. */
const USUAL_DAYS = 180;

const texts = z.array(text()).nullable().optional();

/** A pattern that no engine can compile (a set of letters upside down) is refused here rather than later. */
const pattern = text({
  maxLength: MOST_PATTERN,
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
    event: z
      .strictObject({ prefix: texts, exclude_prefix: texts, name: texts, exclude_name: texts })
      .nullable()
      .optional(),
    resource: z
      .strictObject({ id: texts, id_prefix: texts, labels: specification, distinct: z.boolean().default(false) })
      .nullable()
      .optional(),
    related: z
      .union([related, z.array(related)])
      .nullable()
      .optional(),
    any_resource: z
      .union([anyResource, z.array(anyResource)])
      .nullable()
      .optional(),
    id: z.strictObject({ id: z.array(uuid()).nullable().optional() }).optional(),
    text: z
      .strictObject({ query: text({ maxLength: 200 }) })
      .nullable()
      .optional(),
    order: oneOf("ASC", "DESC").default("DESC"),
  })
  .meta({ id: "EventFilter" });

export type EventFilterBody = z.output<typeof eventFilterBody>;

/** The same with its bounds said: from half a year ago until now, where they are not. */
export function bounded(body: EventFilterBody, now: Timestamp): EventFilterBody & Pick<EventFilter, "occurred"> {
  const { since, until } = body.occurred ?? {};
  const today = `${now.slice(0, 10)}T00:00:00.000000Z`;
  return { ...body, occurred: { since: since ?? addSeconds(today, -USUAL_DAYS * 86_400), until: until ?? now } };
}

export function toEventFilter(body: ReturnType<typeof bounded>): EventFilter {
  const { text, ...filter } = body;
  return { ...filter, text: text == null ? null : parseTextSearch(text.query) };
}
