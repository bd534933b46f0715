import { epochMicroseconds, parseTimestamp } from "../../values/timestamp.ts";
import type { IntervalSchedule, Window } from "./schedule.ts";
import type { Zone } from "./zone.ts";

const DAY = 86_400;
/** Steps from the anchor that can be counted, and many more after them: from 2^53 on, one more is none, and the count would stand. */
const MOST_STEPS = 2 ** 52;

/** Whole intervals before and after the anchor. From a day on, they are counted on the wall's clock, so that "daily at nine" stays
 *  at nine when clocks change; shorter ones are counted in real time.
 *
 *  Upstream counts in real time up to `from` and on the wall from there: after a change of clocks "daily at nine" becomes "daily
 *  at ten" with the next pass of its scheduler, and that day runs twice. Here the moments never depend on who asks when. */
export function* intervalTimes(schedule: IntervalSchedule, zone: Zone, { from, until }: Window): Generator<number> {
  const anchor = anchorOf(schedule);
  const onWall = schedule.interval >= DAY;
  const start = onWall ? zone.wallAt(anchor) : anchor;
  // A day of grace: a wall's clock is never that far off.
  const first = onWall ? zone.wallAt(from) - DAY : from;
  const last = onWall ? zone.wallAt(until) + DAY : until;
  const passed = Math.ceil((first - start) / schedule.interval - 1e-9);
  // Microseconds since the year 1 are too many: they start anew where they are looked at.
  const [zero, begin] = Math.abs(passed) <= MOST_STEPS ? [start, passed] : [start + passed * schedule.interval, 0];
  for (let step = begin; ; step++) {
    // From there each time: sums of fractions would drift.
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
