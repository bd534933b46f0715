import { dayNumber } from "./calendar.ts";

/** Parses recurrence rules (RFC 5545) as dateutil does, the library behind Prefect's rrule schedules, with checks in the same order.
 *  Source: dateutil/rrule.py, rrulestr. */

export const FREQUENCIES = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** One RRULE or EXRULE. Absent parts are `undefined`. */
export interface Rule {
  frequency: Frequency;
  interval: number;
  count?: number;
  until?: WallTime;
  /** Monday is 0. */
  weekStart: number;
  bySetPos?: readonly number[];
  byMonth?: readonly number[];
  byMonthDay?: readonly number[];
  byYearDay?: readonly number[];
  byWeekNo?: readonly number[];
  byEaster?: readonly number[];
  /** `n` 0: every such weekday; else the n-th of the month or year, from its end when negative. */
  byDay?: readonly { weekday: number; n: number }[];
  byHour?: readonly number[];
  byMinute?: readonly number[];
  bySecond?: readonly number[];
}

export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly exceptions: readonly Rule[];
  readonly dates: readonly WallTime[];
  readonly exceptionDates: readonly WallTime[];
  readonly start: WallTime | undefined;
  /** Just one rule. */
  readonly single: boolean;
}

/** A local time, in seconds as if it were UTC. `zoned`: the text named a zone, which is ignored. */
export interface WallTime {
  readonly seconds: number;
  readonly zoned: boolean;
}

/** An invalid recurrence rule; the message says why. */
export class RruleProblem extends Error {
  override readonly name = "RruleProblem";
}

const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** Throws: RruleProblem. */
export function readRrule(text: string): RuleSet {
  const lines = text
    .toUpperCase()
    .split(/\s+/)
    .filter((line) => line !== "");
  if (lines.length === 0) throw new RruleProblem("empty string");
  const rules: string[] = [];
  const exceptions: string[] = [];
  const dates: WallTime[] = [];
  const exceptionDates: WallTime[] = [];
  let start: WallTime | undefined;
  for (const line of lines) {
    const colon = line.indexOf(":");
    const [property = "", ...parameters] = colon === -1 ? ["RRULE"] : line.slice(0, colon).split(";");
    const value = line.slice(colon + 1);
    switch (property) {
      case "RRULE":
      case "EXRULE":
        if (parameters.length > 0) throw new RruleProblem(`unsupported ${property} parm: ${parameters[0]}`);
        (property === "RRULE" ? rules : exceptions).push(value);
        break;
      case "RDATE":
        for (const parameter of parameters) {
          if (parameter !== "VALUE=DATE-TIME") throw new RruleProblem(`unsupported RDATE parm: ${parameter}`);
        }
        dates.push(...value.split(",").map((date) => readWallTime(date)));
        break;
      case "EXDATE":
        exceptionDates.push(...readDates(value, parameters));
        break;
      case "DTSTART": {
        const [first, ...more] = readDates(value, parameters);
        if (first === undefined || more.length > 0)
          throw new RruleProblem(`Multiple DTSTART values specified:${value}`);
        start = first;
        break;
      }
      default:
        throw new RruleProblem(`unsupported property: ${property}`);
    }
  }
  const others = exceptions.length + dates.length + exceptionDates.length;
  if (rules.length + others === 0) throw new RruleProblem("no rule");
  return {
    rules: rules.map((rule) => readRule(rule, start)),
    exceptions: exceptions.map((rule) => readRule(rule, start)),
    dates,
    exceptionDates,
    start,
    single: rules.length === 1 && others === 0,
  };
}

function readRule(text: string, start: WallTime | undefined): Rule {
  const rule: Partial<Rule> = { interval: 1, weekStart: 0 };
  for (const pair of text.split(";")) {
    const [name = "", value, ...more] = pair.split("=");
    if (value === undefined || more.length > 0) throw new RruleProblem(`not a name and a value: ${pair}`);
    const read = Object.hasOwn(PARTS, name) ? PARTS[name as keyof typeof PARTS] : undefined;
    if (read === undefined) throw new RruleProblem(`unknown parameter '${name}'`);
    if (!read(rule, value)) throw new RruleProblem(`invalid '${name}': ${value}`);
  }
  if (rule.frequency === undefined) throw new RruleProblem("FREQ is missing");
  if (start !== undefined && rule.until !== undefined && start.zoned !== rule.until.zoned) {
    throw new RruleProblem("RRULE UNTIL values must be specified in UTC when DTSTART is timezone-aware");
  }
  if (start !== undefined && !isReachable(rule as Rule, start.seconds)) {
    throw new RruleProblem("Invalid rrule byxxx generates an empty set.");
  }
  return rule as Rule;
}

/** Whether a rule like "every 4 hours from 0:00, of these only 3:00" ever comes to one of its hours (minutes, seconds). */
function isReachable({ frequency, interval, byHour, byMinute, bySecond }: Rule, start: number): boolean {
  const [values, base, first] =
    frequency === "HOURLY"
      ? [byHour, 24, Math.floor(start / 3600)]
      : frequency === "MINUTELY"
        ? [byMinute, 60, Math.floor(start / 60)]
        : frequency === "SECONDLY"
          ? [bySecond, 60, start]
          : [undefined, 1, 0];
  const step = greatestCommonDivisor(interval, base);
  return values === undefined || values.some((value) => (value - first) % step === 0);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

type Part = (rule: Partial<Rule>, value: string) => boolean;

/** A list of whole numbers within bounds. */
function numbers(
  key:
    | "bySetPos"
    | "byMonth"
    | "byMonthDay"
    | "byYearDay"
    | "byWeekNo"
    | "byEaster"
    | "byHour"
    | "byMinute"
    | "bySecond",
  fits: (value: number) => boolean = () => true,
): Part {
  return (rule, value) => {
    const list = value.split(",").map(readInteger);
    if (!list.every((item): item is number => item !== undefined && fits(item))) return false;
    rule[key] = list;
    return true;
  };
}

const PARTS = {
  FREQ: (rule, value) => {
    rule.frequency = FREQUENCIES.find((name) => name === value);
    return rule.frequency !== undefined;
  },
  // dateutil accepts 0, and then loops for ever.
  INTERVAL: (rule, value) => {
    rule.interval = readInteger(value) ?? 0;
    return rule.interval >= 1;
  },
  COUNT: (rule, value) => {
    rule.count = readInteger(value) ?? -1;
    return rule.count >= 0;
  },
  UNTIL: (rule, value) => {
    rule.until = readWallTime(value);
    return true;
  },
  WKST: (rule, value) => {
    rule.weekStart = WEEKDAYS.indexOf(value);
    return rule.weekStart !== -1;
  },
  BYDAY: byDay,
  BYWEEKDAY: byDay,
  BYSETPOS: numbers("bySetPos", (value) => value !== 0 && Math.abs(value) <= 366),
  BYMONTH: numbers("byMonth"),
  BYMONTHDAY: numbers("byMonthDay"),
  BYYEARDAY: numbers("byYearDay"),
  BYWEEKNO: numbers("byWeekNo"),
  BYEASTER: numbers("byEaster"),
  BYHOUR: numbers("byHour", (value) => value >= 0 && value < 24),
  BYMINUTE: numbers("byMinute", (value) => value >= 0 && value < 60),
  BYSECOND: numbers("bySecond", (value) => value >= 0 && value < 60),
} satisfies Record<string, Part>;

/** `MO`, `+1MO` or `MO(+1)`. */
function byDay(rule: Partial<Rule>, value: string): boolean {
  const days = value.split(",").map((item) => {
    const match = /^([+-]?\d+)?([A-Z]{2})(?:\(([+-]?\d+)\))?$/.exec(item);
    if (match === null || (match[1] !== undefined && match[3] !== undefined)) return undefined;
    const ordinal = match[1] ?? match[3];
    const weekday = WEEKDAYS.indexOf(match[2] as string);
    const n = ordinal === undefined ? 0 : Number(ordinal);
    return weekday === -1 || (ordinal !== undefined && n === 0) ? undefined : { weekday, n };
  });
  if (!days.every((day): day is { weekday: number; n: number } => day !== undefined)) return false;
  rule.byDay = days;
  return true;
}

function readInteger(text: string): number | undefined {
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function readDates(value: string, parameters: readonly string[]): WallTime[] {
  let zoned = false;
  let typed = false;
  for (const parameter of parameters) {
    if (parameter.startsWith("TZID=")) zoned = true;
    else if ((parameter !== "VALUE=DATE-TIME" && parameter !== "VALUE=DATE") || typed) {
      throw new RruleProblem(`unsupported parm: ${parameter}`);
    } else typed = true;
  }
  return value.split(",").map((text) => {
    const time = readWallTime(text);
    if (zoned && time.zoned) throw new RruleProblem("DTSTART/EXDATE specifies multiple timezone");
    return { ...time, zoned: zoned || time.zoned };
  });
}

const DATE_TIME =
  /^(\d{4})(-?)(\d{2})\2(\d{2})(?:T(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** `20260105T090000`, or the same with dashes and colons. dateutil guesses at nearly everything; this doesn't. */
function readWallTime(text: string): WallTime {
  const match = DATE_TIME.exec(text);
  if (match === null) throw new RruleProblem(`not a date: ${text}`);
  const [, year, , month, day, hour = "0", minute = "0", second = "0", offset] = match;
  const date = dayNumber(Number(year), Number(month), Number(day));
  const time = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const real = new Date(date * 86_400_000);
  if (real.getUTCDate() !== Number(day) || real.getUTCMonth() + 1 !== Number(month) || Number(year) < 1) {
    throw new RruleProblem(`not a date: ${text}`);
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) throw new RruleProblem(`not a time: ${text}`);
  return { seconds: date * 86_400 + time, zoned: offset !== undefined };
}
