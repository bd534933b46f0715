import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import type { Context } from "../../domain/context.ts";
import { PIVOT_SECONDS, spansOf, type TimeUnit } from "../../domain/events/time-spans.ts";
import { members, whole } from "../../http/request/body.ts";
import { float, integer, oneOf, text } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import type { EventFilter } from "../../store/filters/events.ts";
import {
  countEvents,
  countEventsBy,
  countEventsInSpans,
  type EventGroup,
  listEvents,
} from "../../store/queries/events.ts";
import { parseJson, toJson } from "../../values/json.ts";
import { eventFilterBody, newEvent, toEventFilter, withBounds } from "./fields.ts";
import { type EventCount, eventCountView, eventPageView, presentEvent } from "./view.ts";

const MAX_PER_PAGE = 50;

/** What the URL of the next page holds. */
const pageToken = z.strictObject({
  filter: eventFilterBody,
  /** How many events matched when the first page was read. */
  count: z.int().min(0),
  page_size: z.int().min(0).max(MAX_PER_PAGE),
  offset: z.int().min(0),
});

type PageToken = z.output<typeof pageToken>;

export const eventRoutes = [
  route({
    method: "POST",
    path: "/events",
    summary: "Create Events",
    body: whole(z.array(newEvent)),
    responses: { 204: null },
    async handle({ body }, { events }) {
      await events.record(body);
      return { status: 204 };
    },
  }),
  route({
    method: "POST",
    path: "/events/filter",
    summary: "Read Events",
    body: members({
      filter: eventFilterBody.optional(),
      limit: integer({ ge: 0, le: MAX_PER_PAGE }).default(MAX_PER_PAGE),
    }),
    responses: { 200: eventPageView },
    async handle({ body, headers }, context) {
      const filter = withBounds(body.filter ?? eventFilterBody.parse({}), context.clock.now());
      const count = await countEvents(context.store.db, toEventFilter(filter));
      const page = { filter, count, page_size: body.limit, offset: 0 };
      return { status: 200, body: await presentPage(context, page, headers.host) };
    },
  }),
  route({
    method: "GET",
    path: "/events/filter/next",
    summary: "Read Account Events Page",
    query: z.object({ "page-token": text() }),
    responses: { 200: eventPageView },
    async handle({ query, headers }, context) {
      return { status: 200, body: await presentPage(context, readToken(query["page-token"]), headers.host) };
    },
  }),
  route({
    method: "POST",
    path: "/events/count-by/{countable}",
    summary: "Count Account Events",
    params: z.object({ countable: oneOf("day", "time", "event", "resource") }),
    body: members({
      filter: eventFilterBody,
      time_unit: oneOf("week", "day", "hour", "minute", "second").default("day"),
      time_interval: float({ ge: 0.01 }).default(1),
    }),
    responses: { 200: z.array(eventCountView) },
    async handle({ params, body }, context) {
      const filter = toEventFilter(withBounds(body.filter, context.clock.now()));
      const { countable } = params;
      if (countable === "event" || countable === "resource") {
        return { status: 200, body: byValue(await countEventsBy(context.store.db, filter, countable)) };
      }
      const unit = countable === "day" ? "day" : body.time_unit;
      const interval = countable === "day" ? 1 : body.time_interval;
      return { status: 200, body: await byTime(context, filter, unit, interval) };
    },
  }),
];

async function presentPage({ store, clock }: Context, page: PageToken, host = "localhost") {
  const { filter, count, page_size, offset } = page;
  const rows = await listEvents(store.db, toEventFilter(withBounds(filter, clock.now())), { limit: page_size, offset });
  const next = { ...page, offset: offset + page_size };
  const more = page_size > 0 && next.offset < count;
  return {
    events: rows.map(presentEvent),
    total: count,
    next_page: more ? `http://${host}/api/events/filter/next?page-token=${writeToken(next)}` : null,
  };
}

function writeToken(page: PageToken): string {
  return encodeURIComponent(Buffer.from(toJson(page)).toString("base64"));
}

/** Throws: ApiError `forbidden`, for a token that this server did not write. */
function readToken(token: string): PageToken {
  try {
    const page = pageToken.safeParse(parseJson(Buffer.from(token, "base64").toString("utf8")));
    if (page.success) return page.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ApiError("forbidden", "Forbidden");
}

/** One count for each value, with its latest label; the greatest first. */
function byValue(groups: readonly EventGroup[]): EventCount[] {
  const counts = new Map<string, EventCount>();
  for (const { value, label, count, oldest, latest } of groups) {
    const known = counts.get(value);
    counts.set(
      value,
      known === undefined
        ? { value, label, count, start_time: oldest, end_time: latest }
        : {
            value,
            label: latest > known.end_time ? label : known.label,
            count: known.count + count,
            start_time: oldest < known.start_time ? oldest : known.start_time,
            end_time: latest > known.end_time ? latest : known.end_time,
          },
    );
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}

/** One count for each time span, also for empty ones. */
async function byTime(
  { store, clock }: Context,
  filter: EventFilter,
  unit: TimeUnit,
  interval: number,
): Promise<EventCount[]> {
  const spans = spansOf(filter.occurred, unit, interval, clock.now());
  if (typeof spans === "number") {
    throw new ApiError(
      "unprocessable",
      `The given interval would create ${spans} buckets, which is too many. Please increase the interval or reduce the time range to produce 1000 buckets or fewer.`,
    );
  }
  const { seconds, first, list } = spans;
  const counts = list.map(
    ({ start, end }, index): EventCount => ({
      value: String(index),
      label: start.replace(/(\.000000)?Z$/, "+00:00"),
      count: 0,
      start_time: start,
      end_time: end,
    }),
  );
  for (const { index, count } of await countEventsInSpans(store.db, filter, { origin: PIVOT_SECONDS, seconds })) {
    const span = counts[index - first];
    if (span !== undefined) span.count = count;
  }
  return counts;
}
