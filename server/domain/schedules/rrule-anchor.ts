import type { Timestamp } from "../../values/timestamp.ts";
import { epochMicroseconds } from "../../values/timestamp.ts";
import { dayNumber } from "./calendar.ts";
import { readRrule } from "./rrule-text.ts";
import { zone } from "./zone.ts";

/** Where rules without DTSTART start: wall seconds. */
export const ANCHOR = dayNumber(2020, 1, 1) * 86_400;

/** A rule as it is stored: with a DTSTART. One that has none starts in 2020, or, when it recurs every few minutes or seconds and is
 *  not counted, at a recent time of the same phase, so that nobody has to walk through all the years.
 *  Throws: RruleProblem. Source: prefect/_internal/schemas/validators.py, normalize_rrule_string. */
export function withStart(rrule: string, timezone: string, now: Timestamp): string {
  if (/DTSTART/i.test(rrule)) return rrule;
  const { rules, single } = readRrule(rrule);
  const [rule] = rules;
  // dateutil can't join an UNTIL in UTC with a start without zone, and Prefect then leaves the rule unchanged.
  if (rules.some(({ until }) => until?.zoned)) return rrule;
  if (!single || rule === undefined || rule.count !== undefined) return startingAt(rrule, ANCHOR);
  const unit = rule.frequency === "SECONDLY" ? 1 : rule.frequency === "MINUTELY" ? 60 : undefined;
  if (unit === undefined) return startingAt(rrule, ANCHOR);
  const period = unit * rule.interval;
  const wall = Math.floor(zone(timezone).wallAt(epochMicroseconds(now) / 1e6));
  return startingAt(rrule, ANCHOR + Math.max(0, Math.floor((wall - ANCHOR) / period)) * period);
}

function startingAt(rrule: string, wall: number): string {
  const text = new Date(wall * 1000).toISOString();
  return `DTSTART:${text.slice(0, 19).replaceAll(/[-:]/g, "")}\n${rrule}`;
}
