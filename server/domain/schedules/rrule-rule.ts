import { dateOf, dayNumber, daysInMonth, LAST_DAY } from "./calendar.ts";
import { type DayFilter, dayFilter, mondayFirst } from "./rrule-days.ts";
import { FREQUENCIES, type Rule } from "./rrule-text.ts";

/** The local times of one rule. The same as dateutil's, but without iterating over all earlier ones (unless they have to be counted), and
 *  with a bound on the search. Source: dateutil/rrule.py, rrule._iter. */

const DAY = 86_400;
/** How many more days and periods may be examined. */
export interface Budget {
  steps: number;
}

/** Some centuries of days, for all rules of a schedule together, so that none can block the server. */
export function newBudget(): Budget {
  return { steps: 200_000 };
}

/** The cost of a time that is only counted: a day may have one each second. */
const COUNTED_STEPS = 1 / 5;

/** Ascending, from `from` to `until`; times before `start` don't count. All local times. */
export function* ruleTimes(
  rule: Rule,
  start: number,
  window: { from: number; until: number },
  budget: Budget,
): Generator<number> {
  const full = withDefaults(rule, start);
  const last = Math.min(window.until, rule.until?.seconds ?? Number.POSITIVE_INFINITY, lastCounted(rule, start));
  const counting = rule.count !== undefined && !isPlain(rule);
  let left = counting ? (rule.count as number) : Number.POSITIVE_INFINITY;
  const search = { ...full, budget, start, from: counting ? start : Math.max(start, window.from), until: last };
  for (const time of FREQUENCIES.indexOf(rule.frequency) < HOURLY ? byDays(search) : byTimes(search)) {
    if (time < start) continue;
    if (time > last || left <= 0) return;
    left -= 1;
    if (time >= window.from) yield time;
    else {
      budget.steps -= COUNTED_STEPS;
      if (budget.steps <= 0) return;
    }
  }
}

const HOURLY = FREQUENCIES.indexOf("HOURLY");

const SECONDS: Partial<Record<Rule["frequency"], number>> = {
  WEEKLY: 7 * DAY,
  DAILY: DAY,
  HOURLY: 3600,
  MINUTELY: 60,
  SECONDLY: 1,
};

/** Nothing but one time in each period of fixed length. */
function isPlain(rule: Rule): boolean {
  return SECONDS[rule.frequency] !== undefined && !Object.keys(rule).some((key) => key.startsWith("by"));
}

/** The last of a plain rule's COUNT is known without counting. */
function lastCounted(rule: Rule, start: number): number {
  if (rule.count === undefined || !isPlain(rule)) return Number.POSITIVE_INFINITY;
  return start + (rule.count - 1) * rule.interval * (SECONDS[rule.frequency] as number);
}

interface FullRule {
  rule: Rule;
  matches: DayFilter;
  hours: readonly number[] | undefined;
  minutes: readonly number[] | undefined;
  seconds: readonly number[] | undefined;
}

interface Search extends FullRule {
  budget: Budget;
  start: number;
  from: number;
  until: number;
}

/** What a rule does not say, it takes from its start. */
function withDefaults(rule: Rule, start: number): FullRule {
  const date = dateOf(Math.floor(start / DAY));
  const secondOfDay = start - Math.floor(start / DAY) * DAY;
  const days = { ...rule };
  if (![rule.byWeekNo, rule.byYearDay, rule.byMonthDay, rule.byDay, rule.byEaster].some((part) => part !== undefined)) {
    if (rule.frequency === "YEARLY") days.byMonth ??= [date.month];
    if (rule.frequency === "YEARLY" || rule.frequency === "MONTHLY") days.byMonthDay = [date.day];
    if (rule.frequency === "WEEKLY") days.byDay = [{ weekday: mondayFirst(Math.floor(start / DAY)), n: 0 }];
  }
  const rank = FREQUENCIES.indexOf(rule.frequency);
  return {
    rule,
    matches: dayFilter(days),
    hours: ascending(rule.byHour ?? (rank < HOURLY ? [Math.floor(secondOfDay / 3600)] : undefined)),
    minutes: ascending(rule.byMinute ?? (rank < HOURLY + 1 ? [Math.floor(secondOfDay / 60) % 60] : undefined)),
    seconds: ascending(rule.bySecond ?? (rank < HOURLY + 2 ? [secondOfDay % 60] : undefined)),
  };
}

/** Periods of days: years, months, weeks, single days. */
function* byDays({ rule, matches, hours, minutes, seconds, budget, start, from, until }: Search): Generator<number> {
  const clock = product(hours ?? [], minutes ?? [], seconds ?? []);
  const period = periods(rule, Math.floor(start / DAY));
  for (let index = period.indexOf(Math.floor(from / DAY)); ; index += 1) {
    const [first, end] = period.days(index);
    // Far beyond the last day, day numbers are NaN, which ends the loop, too.
    if (!(first * DAY <= until && first <= LAST_DAY && budget.steps > 0)) return;
    budget.steps -= end - first;
    const days: number[] = [];
    for (let day = first; day < end; day++) if (matches(day)) days.push(day);
    for (const place of places(days.length * clock.length, rule.bySetPos)) {
      const day = days[Math.floor(place / clock.length)] as number;
      yield day * DAY + (clock[place % clock.length] as number);
    }
  }
}

/** The rule's periods of days, counted from the one of its start: `[first, end)`. */
function periods(
  { frequency, interval, weekStart }: Rule,
  start: number,
): { indexOf(day: number): number; days(index: number): [number, number] } {
  const date = dateOf(start);
  const indexAfter = (units: number) => Math.max(0, Math.floor(units / interval));
  switch (frequency) {
    case "YEARLY":
      return {
        indexOf: (day) => indexAfter(dateOf(day).year - date.year),
        days: (index) => {
          const year = date.year + index * interval;
          return [dayNumber(year, 1, 1), dayNumber(year + 1, 1, 1)];
        },
      };
    case "MONTHLY":
      return {
        indexOf: (day) => {
          const { year, month } = dateOf(day);
          return indexAfter((year - date.year) * 12 + month - date.month);
        },
        days: (index) => {
          const months = date.year * 12 + date.month - 1 + index * interval;
          const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
          const first = dayNumber(year, month, 1);
          return [first, first + daysInMonth(year, month)];
        },
      };
    case "WEEKLY": {
      const week = start - ((mondayFirst(start) - weekStart + 7) % 7);
      return {
        indexOf: (day) => indexAfter(Math.floor((day - week) / 7)),
        days: (index) => {
          const first = week + index * interval * 7;
          // The first week begins with the start: so BYSETPOS counts from there.
          return [Math.max(first, start), first + 7];
        },
      };
    }
    default:
      return {
        indexOf: (day) => indexAfter(day - start),
        days: (index) => [start + index * interval, start + index * interval + 1],
      };
  }
}

/** Periods below a day: hours, minutes, seconds. */
function* byTimes({ rule, matches, hours, minutes, seconds, budget, start, from, until }: Search): Generator<number> {
  const unit = SECONDS[rule.frequency] as number;
  const every = unit * rule.interval;
  const origin = start - (start % unit);
  const next = (time: number): number => origin + Math.max(0, Math.ceil((time - origin) / every)) * every;
  const within = unit === 3600 ? product([0], minutes ?? [], seconds ?? []) : unit === 60 ? [...(seconds ?? [])] : [0];
  let known = { day: Number.NaN, matches: false };
  for (let time = next(from - every); time <= until && budget.steps > 0; ) {
    budget.steps -= 1;
    const day = Math.floor(time / DAY);
    if (day > LAST_DAY) return;
    if (day !== known.day) known = { day, matches: matches(day) };
    const second = time - day * DAY;
    if (!known.matches) time = next((day + 1) * DAY);
    else if (hours !== undefined && !hours.includes(Math.floor(second / 3600))) {
      time = next(time - (second % 3600) + 3600);
    } else if (unit < 3600 && minutes !== undefined && !minutes.includes(Math.floor(second / 60) % 60)) {
      time = next(time - (second % 60) + 60);
    } else {
      if (unit > 1 || seconds === undefined || seconds.includes(second % 60)) {
        for (const place of places(within.length, rule.bySetPos)) yield time + (within[place] as number);
      }
      time += every;
    }
  }
}

/** Which of a period's times count, ascending, from 0. BYSETPOS: only some, counted from the period's start or end. A year may have one
 *  each second: the others are not even generated. */
function* places(count: number, positions: readonly number[] | undefined): Generator<number> {
  if (positions === undefined) for (let place = 0; place < count; place++) yield place;
  else {
    const found = positions.map((position) => (position > 0 ? position - 1 : count + position));
    for (const place of ascending(found) ?? []) if (place >= 0 && place < count) yield place;
  }
}

function product(hours: readonly number[], minutes: readonly number[], seconds: readonly number[]): number[] {
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => hour * 3600 + minute * 60 + second)),
  );
}

function ascending(values: readonly number[] | undefined): readonly number[] | undefined {
  return values === undefined ? undefined : [...new Set(values)].sort((a, b) => a - b);
}
