import { type CalendarDate, dateOf, dayNumber, daysInMonth, weekdayOf } from "./calendar.ts";
import { type CronExpression, readCron } from "./cron-expression.ts";
import type { CronSchedule, Window } from "./schedule.ts";
import type { Zone } from "./zone.ts";

const DAY = 86_400;
/** croniter's limit for the next match: `0 0 31 2 *` yields nothing. */
const MOST_YEARS = 50;

/** The expression's times. A time in a DST fold counts once; a time in a DST gap is taken an hour earlier, as Prefect does under Python 3.12
 *  and older.
 *
 *  croniter loses a day after a short month (`0 0 1,30 * *` skips 1 March): here it is not lost. */
export function* cronTimes(schedule: CronSchedule, zone: Zone, { from, until }: Window): Generator<number> {
  const expression = readCron(schedule.cron);
  if (expression === undefined) throw new Error(`a stored cron expression can't be read: ${schedule.cron}`);
  const start = Math.ceil(zone.wallAt(from));
  for (const wall of wallTimes(expression, schedule.day_or, start)) {
    const moment = zone.momentOf(wall, { twice: "first", never: "back" });
    if (moment > until) return;
    yield moment;
  }
}

function* wallTimes(expression: CronExpression, dayOr: boolean, start: number): Generator<number> {
  const hours = listed(expression.hours, 24);
  const minutes = listed(expression.minutes, 60);
  const seconds = listed(expression.seconds, 60);
  for (const day of matchingDays(expression, dayOr, Math.floor(start / DAY))) {
    for (const hour of hours) {
      if (day * DAY + hour * 3600 + 3599 < start) continue;
      for (const minute of minutes) {
        for (const second of seconds) {
          const wall = day * DAY + hour * 3600 + minute * 60 + second;
          if (wall >= start) yield wall;
        }
      }
    }
  }
}

function* matchingDays(expression: CronExpression, dayOr: boolean, start: number): Generator<number> {
  const { months, years } = expression;
  let limit = dateOf(start).year + MOST_YEARS;
  for (let day = start; ; ) {
    const date = dateOf(day);
    if (date.year > limit) return;
    if (years !== undefined && !years.has(date.year)) {
      if (date.year >= Math.max(...years)) return;
      day = dayNumber(date.year + 1, 1, 1);
    } else if (months !== undefined && !months.has(date.month)) {
      day = dayNumber(date.year, date.month + 1, 1);
    } else {
      if (dayMatches(expression, dayOr, date, weekdayOf(day))) {
        limit = date.year + MOST_YEARS;
        yield day;
      }
      day += 1;
    }
  }
}

function dayMatches(expression: CronExpression, dayOr: boolean, date: CalendarDate, weekday: number): boolean {
  const { days, weekdays, nth } = expression;
  const lastDay = daysInMonth(date.year, date.month);
  const byDate = days === undefined || days.days.has(date.day) || (days.last && date.day === lastDay);
  const joinedByOr = dayOr && days !== undefined && weekdays !== undefined;
  if (nth.size > 0) {
    const which = nth.get(weekday);
    const byNth =
      which !== undefined && (which.has(Math.ceil(date.day / 7)) || (which.has("last") && date.day + 7 > lastDay));
    // Beside `1#2`, croniter's "or" leaves the date out.
    return byNth && (byDate || joinedByOr);
  }
  const byWeekday = weekdays === undefined || weekdays.has(weekday);
  return joinedByOr ? byDate || byWeekday : byDate && byWeekday;
}

function listed(values: ReadonlySet<number> | undefined, count: number): number[] {
  return values === undefined ? Array.from({ length: count }, (_, index) => index) : [...values].sort((a, b) => a - b);
}
