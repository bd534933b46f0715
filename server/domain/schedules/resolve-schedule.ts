import type { Timestamp } from "../../values/timestamp.ts";
import { withStart } from "./rrule-anchor.ts";
import type { Schedule } from "./schedule.ts";

/** A schedule as a request gives it. */
export type NewSchedule =
  | { interval: number; anchor_date?: string | undefined; timezone?: string | null | undefined }
  | { cron: string; timezone: string | null; day_or: boolean }
  | { rrule: string; timezone: string | null };

/** A schedule as it is stored: with everything filled in that would otherwise depend on when it is evaluated.
 *  Throws: RruleProblem. */
export function resolveSchedule(given: NewSchedule, now: Timestamp): Schedule {
  if ("interval" in given) {
    return { interval: given.interval, anchor_date: given.anchor_date ?? now, timezone: given.timezone ?? "UTC" };
  }
  if ("cron" in given) return given;
  return { rrule: withStart(given.rrule, given.timezone ?? "UTC", now), timezone: given.timezone };
}
