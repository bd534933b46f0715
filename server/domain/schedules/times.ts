import { addSeconds, epochMicroseconds, fromEpochMicroseconds, type Timestamp } from "../../values/timestamp.ts";
import { cronTimes } from "./cron.ts";
import { intervalTimes } from "./interval.ts";
import { rruleTimes } from "./rrule.ts";
import type { Schedule, Window } from "./schedule.ts";
import { zone } from "./zone.ts";

/** The moments of a schedule from `from` to `until`, both included, in order, each once. Generated lazily.
 *  Always ends: impossible dates yield nothing. Pure. */
export function* times(schedule: Schedule, from: Timestamp, until: Timestamp): Generator<Timestamp> {
  const window = { from: epochMicroseconds(from) / 1e6, until: epochMicroseconds(until) / 1e6 };
  let last: Timestamp | undefined;
  for (const moment of moments(schedule, window)) {
    const time = fromEpochMicroseconds(Math.round(moment * 1e6));
    if (time < from || (last !== undefined && time <= last)) continue;
    if (time > until) return;
    last = time;
    yield time;
  }
}

function moments(schedule: Schedule, window: Window): Generator<number> {
  const clock = zone(schedule.timezone ?? "UTC");
  if ("interval" in schedule) return intervalTimes(schedule, clock, window);
  return "cron" in schedule ? cronTimes(schedule, clock, window) : rruleTimes(schedule, clock, window);
}

/** How far ahead runs are scheduled, and how many. */
export interface Horizon {
  readonly minRuns: number;
  readonly minSeconds: number;
  readonly maxRuns: number;
  readonly until: Timestamp;
}

/** The next moments of a schedule: no more than needed to have both `minRuns` of them and one at least `minSeconds` ahead of
 *  `from`, and never more than `maxRuns` or later than `until`. */
export function nextTimes(schedule: Schedule, from: Timestamp, horizon: Horizon): Timestamp[] {
  const enough = addSeconds(from, horizon.minSeconds);
  const found: Timestamp[] = [];
  if (horizon.maxRuns <= 0) return found;
  for (const time of times(schedule, from, horizon.until)) {
    found.push(time);
    if (found.length >= horizon.maxRuns || (found.length >= horizon.minRuns && time >= enough)) break;
  }
  return found;
}
