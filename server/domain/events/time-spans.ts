import { epochMicroseconds, fromEpochMicroseconds, type Timestamp } from "../../values/timestamp.ts";

/** Time spans that events are counted in, aligned to a fixed Monday, so that spans have the same bounds in every request. Source: prefect/server/events/counting.py. */

export type TimeUnit = "week" | "day" | "hour" | "minute" | "second";

const UNIT_SECONDS: Record<TimeUnit, number> = { week: 604_800, day: 86_400, hour: 3600, minute: 60, second: 1 };
/** 2024-04-01, a Monday before any event, in seconds since 1970. */
export const PIVOT_SECONDS = 1_711_929_600;
const PIVOT = PIVOT_SECONDS * 1e6;
const MOST_SPANS = 1000;

export interface Spans {
  seconds: number;
  /** Number of the first span, counted from the pivot. */
  first: number;
  /** In order; the end is a microsecond before the next start. */
  list: { start: Timestamp; end: Timestamp }[];
}

/** The spans that cover a range, up to the end of the current unit. A number: so many spans are too many. */
export function spansOf(
  { since, until }: { since: Timestamp; until: Timestamp },
  unit: TimeUnit,
  interval: number,
  now: Timestamp,
): Spans | number {
  // In whole microseconds, so that no moment falls between two spans.
  const span = Math.round(UNIT_SECONDS[unit] * interval * 1e6);
  const start = epochMicroseconds(since);
  const requestedEnd = epochMicroseconds(until);
  const count = Math.ceil((requestedEnd - start) / span);
  if (count > MOST_SPANS) return count;
  const end = Math.min(requestedEnd, Math.max(endOfUnit(now, unit), start));
  const first = Math.floor((start - PIVOT) / span);
  const list: Spans["list"] = [];
  for (let index = first; PIVOT + index * span < end; index++) {
    const from = PIVOT + index * span;
    list.push({ start: fromEpochMicroseconds(from), end: fromEpochMicroseconds(from + span - 1) });
  }
  return { seconds: span / 1e6, first, list };
}

function endOfUnit(now: Timestamp, unit: TimeUnit): number {
  const length = UNIT_SECONDS[unit] * 1e6;
  return PIVOT + (Math.floor((epochMicroseconds(now) - PIVOT) / length) + 1) * length - 1;
}
