import type { Timestamp } from "../../values/timestamp.ts";
import { withStart } from "./rrule-anchor.ts";
import type { Schedule } from "./schedule.ts";

/** A schedule as requested. */
export type NewSchedule =
  | { interval: number; anchor_date?: string | undefined; timezone?: string | null | undefined }
  | { cron: string; timezone: string | null; day_or: boolean }
  | { rrule: string; timezone: string | null };

/** A schedule as it is stored: with everything filled in that would otherwise depend on when it is evaluated.
 *  Throws: RruleProblem. */
export function resolveSchedule(newSchedule: NewSchedule, now: Timestamp): Schedule {
  if ("interval" in newSchedule) {
    return {
      interval: newSchedule.interval,
      anchor_date: newSchedule.anchor_date ?? now,
      timezone: newSchedule.timezone ?? "UTC",
    };
  }
  if ("cron" in newSchedule) return newSchedule;
  return { rrule: withStart(newSchedule.rrule, newSchedule.timezone ?? "UTC", now), timezone: newSchedule.timezone };
}
