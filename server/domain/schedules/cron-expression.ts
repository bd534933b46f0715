/** Reads cron expressions as croniter does, the library behind Prefect's cron schedules: 5 fields, a 6th of seconds, a 7th of
 *  years, names, ranges that wrap around, `L`, `1#2`, `L5`, `@daily`. Source: croniter's expand. */

export interface CronExpression {
  /** Values that match; `undefined`: all. */
  readonly minutes: ReadonlySet<number> | undefined;
  readonly hours: ReadonlySet<number> | undefined;
  readonly days: DaysOfMonth | undefined;
  readonly months: ReadonlySet<number> | undefined;
  /** Sunday is 0. */
  readonly weekdays: ReadonlySet<number> | undefined;
  /** Which ones of a month's weekdays, by weekday; when there are any, `weekdays` doesn't count. */
  readonly nth: ReadonlyMap<number, ReadonlySet<number | "last">>;
  /** Second 0 when the expression has no field for them. */
  readonly seconds: ReadonlySet<number> | undefined;
  readonly years: ReadonlySet<number> | undefined;
}

export interface DaysOfMonth {
  readonly days: ReadonlySet<number>;
  readonly last: boolean;
}

interface Field {
  readonly low: number;
  readonly high: number;
  readonly names: Readonly<Record<string, number>>;
}

const MONTHS = Object.fromEntries(
  ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].map((name, i) => [name, i + 1]),
);
const WEEKDAYS = Object.fromEntries(["sun", "mon", "tue", "wed", "thu", "fri", "sat"].map((name, i) => [name, i]));

const [MINUTE, HOUR, DAY, MONTH, WEEKDAY, SECOND, YEAR] = [0, 1, 2, 3, 4, 5, 6] as const;
const FIELDS: readonly Field[] = [
  { low: 0, high: 59, names: {} },
  { low: 0, high: 23, names: {} },
  { low: 1, high: 31, names: {} },
  { low: 1, high: 12, names: MONTHS },
  { low: 0, high: 6, names: WEEKDAYS },
  { low: 0, high: 59, names: {} },
  { low: 1970, high: 2099, names: {} },
];

const ALIASES: Readonly<Record<string, string>> = {
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/** `undefined`: not an expression. croniter's random expressions (`R`) are refused: each pass would give other times. */
export function readCron(text: string): CronExpression | undefined {
  const lower = text.toLowerCase();
  const fields = (Object.hasOwn(ALIASES, lower) ? (ALIASES[lower] as string) : lower).trim().split(/\s+/);
  if (fields.length < 5 || fields.length > 7) return undefined;
  const read = fields.map((field, index) => readField(field, index, fields.length));
  if (read.some((field) => field === undefined)) return undefined;
  const values = read as FieldValues[];
  const nth = (values[WEEKDAY] as FieldValues).nth;
  const plainWeekdays = setOf(values[WEEKDAY]);
  // Mixing "every Monday" with "the second Tuesday" is refused.
  if (nth.size > 0 && plainWeekdays !== undefined && [...plainWeekdays].some((day) => !nth.has(day))) {
    if (plainWeekdays.size !== 7) return undefined;
  }
  const anyWeekday = fields[WEEKDAY]?.includes("*") ?? false;
  const anyDay = fields[DAY]?.includes("*") ?? false;
  const days = values[DAY] as FieldValues;
  return {
    minutes: collapse(setOf(values[MINUTE]), MINUTE),
    hours: collapse(setOf(values[HOUR]), HOUR),
    // All 31 days in numbers are "every day" only beside a free weekday: otherwise the two are joined by "or".
    days: days.all || (days.values.size === 31 && anyWeekday) ? undefined : { days: days.values, last: days.last },
    months: collapse(setOf(values[MONTH]), MONTH),
    weekdays: plainWeekdays?.size === 7 && anyDay ? undefined : plainWeekdays,
    nth,
    seconds: fields.length > SECOND ? collapse(setOf(values[SECOND]), SECOND) : new Set([0]),
    years: fields.length > YEAR ? collapse(setOf(values[YEAR]), YEAR) : undefined,
  };
}

interface FieldValues {
  all: boolean;
  last: boolean;
  values: Set<number>;
  nth: Map<number, Set<number | "last">>;
}

function setOf(values: FieldValues | undefined): ReadonlySet<number> | undefined {
  return values === undefined || values.all ? undefined : values.values;
}

function collapse(values: ReadonlySet<number> | undefined, index: number): ReadonlySet<number> | undefined {
  const { low, high } = FIELDS[index] as Field;
  return values?.size === high - low + 1 ? undefined : values;
}

function readField(text: string, index: number, fieldCount: number): FieldValues | undefined {
  const found: FieldValues = { all: false, last: false, values: new Set(), nth: new Map() };
  if (text === "?") {
    found.all = true;
    return index === DAY || index === WEEKDAY ? found : undefined;
  }
  for (const item of text.split(",")) if (!readItem(item, index, fieldCount, found)) return undefined;
  return found;
}

/** Whether the item could be read. */
function readItem(text: string, index: number, fieldCount: number, found: FieldValues): boolean {
  const field = FIELDS[index] as Field;
  let item = text;
  let nth: number | "last" | undefined;
  if (index === WEEKDAY) {
    const special = /^(?:(\w+(?:-\w+)?)#|(l))(\d+)$/.exec(item);
    if (special !== null) {
      const [, days, , number] = special;
      if (days === undefined) {
        item = number as string;
        nth = "last";
      } else {
        if (days.includes("-") && !/^[a-z]{3}-[a-z]{3}$/.test(days)) return false;
        item = days;
        nth = Number(number);
        if (nth < 1 || nth > 5) return false;
      }
    }
  }
  const range = readRange(item, index);
  if (range === "not a range") return addValue(item, index, fieldCount, nth, found);
  if (range === undefined) return false;
  const low = alias(range.low, index, fieldCount);
  const high = alias(range.high, index, fieldCount);
  if (range.step === 0 || Math.max(low, high) > field.high) return false;
  // `L` with a range loses its L: croniter keeps only numbers here.
  const each = nth === "last" ? undefined : nth;
  return spread(low, high, range.step, field).every((value) => addValue(String(value), index, fieldCount, each, found));
}

type Range = { low: number; high: number; step: number };

function readRange(item: string, index: number): Range | undefined | "not a range" {
  const { low, high } = FIELDS[index] as Field;
  const full = /^\*\/./.test(item) ? `${low}-${high}${item.slice(1)}` : item;
  const open = /^(.+)\/(.+)$/.exec(full);
  const match = RANGE.exec(full) ?? (open === null ? null : RANGE.exec(`${open[1]}-${high}/${open[2]}`));
  if (match === null) return "not a range";
  const [, from = "", to = "", step = "1"] = match;
  const first = number(from, index);
  const last = index === DAY && to === "l" ? 31 : number(to, index);
  return first === undefined || last === undefined ? undefined : { low: first, high: last, step: Number(step) };
}

const RANGE = /^([^-]+)-([^-/]+)(?:\/(\d+))?$/;

function number(text: string, index: number): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const { names } = FIELDS[index] as Field;
  return Object.hasOwn(names, text) ? names[text] : undefined;
}

/** Wraps around when it runs backwards (`sat-mon`); from a value to itself is the whole cycle. */
function spread(low: number, high: number, step: number, field: Field): number[] {
  const values: number[] = [];
  if (low === high) for (let value = field.low; value <= field.high; value += step) values.push(value);
  else if (low < high) for (let value = low; value <= high; value += step) values.push(value);
  else {
    for (let value = low; value <= field.high; value += step) values.push(value);
    const last = values.at(-1) as number;
    const left = field.high - last;
    // As croniter skips: one step of 2 from the field's very end leaves out two values, not one.
    const skip = left < step && last + step > field.high + 1 ? step - left : 0;
    for (let value = field.low + skip; value <= high; value += step) values.push(value);
  }
  return values;
}

/** 7 is Sunday, and in the longer forms day 0 is day 1, as croniter has it. */
function alias(value: number, index: number, fieldCount: number): number {
  if (index === WEEKDAY && value === 7 && fieldCount === 5) return 0;
  if (index === DAY && value === 0 && fieldCount === 6) return 1;
  return value;
}

function addValue(
  item: string,
  index: number,
  fieldCount: number,
  nth: number | "last" | undefined,
  found: FieldValues,
): boolean {
  if (item === "*") {
    found.all = true;
    return true;
  }
  if (item === "l" && index === DAY) {
    found.last = true;
    return true;
  }
  const parsed = number(item, index);
  if (parsed === undefined) return false;
  const { low, high } = FIELDS[index] as Field;
  const value = alias(parsed, index, fieldCount);
  if (value < low || value > high) return false;
  found.values.add(value);
  if (index === WEEKDAY && nth !== undefined) {
    const known = found.nth.get(value);
    if (known === undefined) found.nth.set(value, new Set([nth]));
    else known.add(nth);
  }
  return true;
}
