import { epochMicroseconds, parseTimestamp } from "../../values/timestamp.ts";
import type { IntervalSchedule, Window } from "./schedule.ts";
import type { Zone } from "./zone.ts";

const DAY = 86_400;
/** Most steps that are counted from the anchor: from 2^53 on, adding one changes nothing. */
const MOST_STEPS = 2 ** 52;

/** Whole intervals before and after the anchor. Intervals of a day or longer are counted in local time, so that "daily at nine" stays at nine
 *  across DST changes; shorter ones are counted in real time.
 *
 *  Prefect counts in real time up to `from` and in local time from there: after a DST change "daily at nine" becomes "daily at ten" with the
 *  next pass of its scheduler, and that day runs twice. Here the moments do not depend on `from`. */
export function* intervalTimes(schedule: IntervalSchedule, zone: Zone, { from, until }: Window): Generator<number> {
  const anchor = anchorOf(schedule);
  const onWall = schedule.interval >= DAY;
  const start = onWall ? zone.wallAt(anchor) : anchor;
  // A margin of a day: no zone's offset is larger.
  const first = onWall ? zone.wallAt(from) - DAY : from;
  const last = onWall ? zone.wallAt(until) + DAY : until;
  const passed = Math.ceil((first - start) / schedule.interval - 1e-9);
  // Microseconds since the year 1 are too many: then the count starts at the window.
  const [zero, begin] = Math.abs(passed) <= MOST_STEPS ? [start, passed] : [start + passed * schedule.interval, 0];
  for (let step = begin; ; step++) {
    // Multiplied, not added up: sums of fractions would drift.
    const time = zero + step * schedule.interval;
    if (time > last) return;
    const moment = onWall ? zone.momentOf(time, { twice: "second", never: "forth" }) : time;
    if (moment > until) return;
    yield moment;
  }
}

function anchorOf({ anchor_date }: IntervalSchedule): number {
  const anchor = parseTimestamp(anchor_date);
  if (anchor === undefined) throw new Error(`a stored anchor date is no moment: ${anchor_date}`);
  return epochMicroseconds(anchor) / 1e6;
}
