import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import type { Context } from "../../domain/context.ts";
import { PIVOT_SECONDS, spansOf, type TimeUnit } from "../../domain/events/time-spans.ts";
import { members } from "../../http/request/body.ts";
import { float, oneOf } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import type { EventFilter } from "../../store/filters/events.ts";
import { countEventsBy, countEventsInSpans, type EventGroup } from "../../store/queries/events.ts";
import { bounded, eventFilterBody, toEventFilter } from "./event-filter.ts";

const countView = z
  .strictObject({
    value: view.text,
    label: view.text,
    count: view.integer,
    start_time: view.timestamp,
    end_time: view.timestamp,
  })
  .meta({ id: "EventCount" });

type Count = z.input<typeof countView>;

export const countEventsByRoute = route({
  method: "POST",
  path: "/events/count-by/{countable}",
  summary: "Count Account Events",
  params: z.object({ countable: oneOf("day", "time", "event", "resource") }),
  body: members({
    filter: eventFilterBody,
    time_unit: oneOf("week", "day", "hour", "minute", "second").default("day"),
    time_interval: float({ ge: 0.01 }).default(1),
  }),
  responses: { 200: z.array(countView) },
  async handle({ params, body }, context) {
    const filter = toEventFilter(bounded(body.filter, context.clock.now()));
    const { countable } = params;
    if (countable === "event" || countable === "resource") {
      return { status: 200, body: byValue(await countEventsBy(context.store.db, filter, countable)) };
    }
    const unit = countable === "day" ? "day" : body.time_unit;
    const interval = countable === "day" ? 1 : body.time_interval;
    return { status: 200, body: await byTime(context, filter, unit, interval) };
  },
});

/** One count for each value, under its latest label; the greatest first. */
function byValue(groups: readonly EventGroup[]): Count[] {
  const counts = new Map<string, Count>();
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

/** A count for each span, empty ones too. */
async function byTime(
  { store, clock }: Context,
  filter: EventFilter,
  unit: TimeUnit,
  interval: number,
): Promise<Count[]> {
  const spans = spansOf(filter.occurred, unit, interval, clock.now());
  if (typeof spans === "number") {
    throw new ApiError(
      "unprocessable",
      `The given interval would create ${spans} buckets, which is too many. Please increase the interval or reduce the time range to produce 1000 buckets or fewer.`,
    );
  }
  const { seconds, first, list } = spans;
  const counts = list.map(
    ({ start, end }, index): Count => ({
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
