import { addSeconds, epochMicroseconds, fromEpochMicroseconds, type Timestamp } from "../../timestamp.ts";
import { cronTimes } from "./cron.ts";
import { intervalTimes } from "./interval.ts";
import { rruleTimes } from "./rrule.ts";
import { zone } from "./zone.ts";

/** When a deployment runs, as the API stores and shows it. */
export type Schedule = IntervalSchedule | CronSchedule | RruleSchedule;

export interface IntervalSchedule {
  /** Seconds, above 0; fractions down to microseconds. */
  readonly interval: number;
  /** A moment that counts; the others are whole intervals away. RFC 3339. */
  readonly anchor_date: string;
  readonly timezone: string | null;
}

export interface CronSchedule {
  readonly cron: string;
  readonly timezone: string | null;
  /** Whether a day may match by its date or by its weekday when both are given; else it must by both. */
  readonly day_or: boolean;
}

export interface RruleSchedule {
  /** RFC 5545, with DTSTART. Zones in it are not looked at: its times are wall times of `timezone`. */
  readonly rrule: string;
  readonly timezone: string | null;
}

/** Upstream's names of the kinds, as they show in what a scheduled run says of its origin. */
export function kindOf(schedule: Schedule): "IntervalSchedule" | "CronSchedule" | "RRuleSchedule" {
  if ("interval" in schedule) return "IntervalSchedule";
  return "cron" in schedule ? "CronSchedule" : "RRuleSchedule";
}

/** The moments of a schedule from `from` to `until`, both included, in order, each once. Made one by one as they are asked for.
 *  Whatever the schedule, it ends: impossible dates yield nothing. Pure. */
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

/** Seconds since 1970. */
export interface Window {
  readonly from: number;
  readonly until: number;
}

function moments(schedule: Schedule, window: Window): Generator<number> {
  const clock = zone(schedule.timezone ?? "UTC");
  if ("interval" in schedule) return intervalTimes(schedule, clock, window);
  return "cron" in schedule ? cronTimes(schedule, clock, window) : rruleTimes(schedule, clock, window);
}

/** How far ahead runs are made, and how many. */
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
