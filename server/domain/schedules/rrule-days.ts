import { type CalendarDate, dateOf, dayNumber, daysInMonth, daysInYear } from "./calendar.ts";
import type { Rule } from "./rrule-text.ts";

/** Whether a day matches a rule's parts about days. */
export type DayFilter = (day: number) => boolean;

export function dayFilter(rule: Rule): DayFilter {
  const conditions = [
    byMonth(rule),
    byWeekNo(rule),
    ...byWeekday(rule),
    byEaster(rule),
    byMonthDay(rule),
    byYearDay(rule),
  ].filter((condition) => condition !== undefined);
  return (day) => {
    const date = dateOf(day);
    return conditions.every((condition) => condition(day, date));
  };
}

type Condition = (day: number, date: CalendarDate) => boolean;

function byMonth({ byMonth }: Rule): Condition | undefined {
  if (byMonth === undefined) return undefined;
  return (_, { month }) => byMonth.includes(month);
}

function byMonthDay({ byMonthDay }: Rule): Condition | undefined {
  // Day 0 does not exist; alone, it is ignored.
  const days = byMonthDay?.filter((day) => day !== 0);
  if (days === undefined || days.length === 0) return undefined;
  return (_, { year, month, day }) => days.includes(day) || days.includes(day - daysInMonth(year, month) - 1);
}

function byYearDay({ byYearDay }: Rule): Condition | undefined {
  if (byYearDay === undefined) return undefined;
  return (day, { year }) => {
    const yearDay = day - dayNumber(year, 1, 1) + 1;
    return byYearDay.includes(yearDay) || byYearDay.includes(yearDay - daysInYear(year) - 1);
  };
}

/** Plain and numbered weekdays: where a rule has both, a day must match both, as in dateutil. */
function byWeekday({ frequency, byDay, byMonth }: Rule): Condition[] {
  if (byDay === undefined) return [];
  const numbers = frequency === "YEARLY" || frequency === "MONTHLY";
  const plain = byDay.filter(({ n }) => n === 0 || !numbers).map(({ weekday }) => weekday);
  const numbered = byDay.filter(({ n }) => n !== 0 && numbers);
  const conditions: Condition[] = [];
  if (plain.length > 0) conditions.push((day) => plain.includes(mondayFirst(day)));
  if (numbered.length > 0) {
    const ofYear = frequency === "YEARLY" && byMonth === undefined;
    conditions.push((day, { year, month }) => {
      const first = ofYear ? dayNumber(year, 1, 1) : dayNumber(year, month, 1);
      const length = ofYear ? daysInYear(year) : daysInMonth(year, month);
      const fromStart = Math.floor((day - first) / 7) + 1;
      const fromEnd = -(Math.floor((first + length - 1 - day) / 7) + 1);
      return numbered.some(({ weekday, n }) => weekday === mondayFirst(day) && (n === fromStart || n === fromEnd));
    });
  }
  return conditions;
}

/** Weeks as ISO 8601 counts them, but beginning with any weekday. */
function byWeekNo({ byWeekNo, weekStart }: Rule): Condition | undefined {
  if (byWeekNo === undefined) return undefined;
  return (day) => {
    const { week, weeks } = weekOf(day, weekStart);
    return byWeekNo.includes(week) || byWeekNo.includes(week - weeks - 1);
  };
}

function weekOf(day: number, weekStart: number): { week: number; weeks: number } {
  // The day in the middle of the week tells which year the week belongs to.
  const middle = day - ((mondayFirst(day) - weekStart + 7) % 7) + 3;
  const { year } = dateOf(middle);
  const number = (of: number) => Math.floor((of - dayNumber(year, 1, 1)) / 7) + 1;
  const lastWeek = dayNumber(year, 12, 28);
  return { week: number(middle), weeks: number(lastWeek - ((mondayFirst(lastWeek) - weekStart + 7) % 7) + 3) };
}

function byEaster({ byEaster }: Rule): Condition | undefined {
  if (byEaster === undefined) return undefined;
  return (day, { year }) => byEaster.includes(day - easter(year));
}

/** The Western church's Easter Sunday (the "anonymous Gregorian" computus). */
function easter(year: number): number {
  const century = Math.floor(year / 100);
  const golden = year % 19;
  const leaps = Math.floor(century / 4);
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - leaps - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor((year % 100) / 4) - epact - (year % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * shift + 114;
  return dayNumber(year, Math.floor(days / 31), (days % 31) + 1);
}

/** Monday is 0. */
export function mondayFirst(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}
