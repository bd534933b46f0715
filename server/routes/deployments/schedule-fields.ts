import { z } from "zod";
import { readCron } from "../../domain/schedules/cron-expression.ts";
import { readDuration } from "../../domain/schedules/duration.ts";
import { withStart } from "../../domain/schedules/rrule-anchor.ts";
import { RruleProblem, readRrule } from "../../domain/schedules/rrule-text.ts";
import { zoneNames } from "../../domain/schedules/zone-names.ts";
import { document, flag, integer, refuse, requestType, text, valueError } from "../../http/request/request-types.ts";
import { oneOfModels } from "../../http/request/union.ts";
import { addSeconds, parseTimestamp } from "../../values/timestamp.ts";

const MAX_RRULE_CHARACTERS = 6500;
const MAX_SCHEDULED_RUNS = 50;

const interval = requestType<number>({ type: "number", format: "time-delta" }, (raw) => {
  const value = typeof raw === "boolean" ? Number(raw) : raw;
  if (typeof value !== "number" && typeof value !== "string") {
    return refuse("time_delta_type", "Input should be a valid timedelta");
  }
  const seconds = readDuration(value);
  if (seconds === undefined) return refuse("time_delta_parsing", "Input should be a valid timedelta");
  return seconds > 0 ? seconds : valueError("interval must be positive");
});

/** A time in upstream's form: with the offset of the input, and with fractions only if there are any. */
const anchorDate = requestType<string>({ type: "string", format: "date-time" }, (raw) => {
  const time = parseTimestamp(raw);
  if (time === undefined) return valueError(`Unable to parse string [${String(raw)}]`);
  const offset = /T.*?([+-])(\d{2}):?(\d{2})$/.exec(String(raw).replace(" ", "T"));
  const [, sign = "+", hours = "00", minutes = "00"] = offset ?? [];
  const seconds = (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  const local = addSeconds(time, seconds).slice(0, -1).replace(".000000", "");
  return seconds === 0 ? `${local}Z` : `${local}${sign}${hours}:${minutes}`;
});

/** Interval and cron schedules also accept the empty name, which means UTC. */
function hasZone({ timezone }: { timezone?: string | null | undefined }): boolean {
  return timezone == null || timezone === "" || zoneNames.has(timezone);
}

const unknownZone = {
  error: (issue: { input?: unknown }) => {
    const { timezone } = issue.input as { timezone: string };
    return `Value error, Invalid timezone: "${timezone}" (specify in IANA tzdata format, for example, America/New_York)`;
  },
  params: { type: "value_error", ctx: { error: {} } },
};

const intervalSchedule = z
  .strictObject({ interval, anchor_date: anchorDate.optional(), timezone: text().nullable().optional() })
  .refine(hasZone, unknownZone);

const cronSchedule = z
  .strictObject({
    cron: text({
      check: (value) => {
        if (readCron(value) !== undefined) return undefined;
        return value.split(/\s+/).some((field) => /^r$/i.test(field))
          ? `Random and Hashed expressions are unsupported, received: "${value}"`
          : `Invalid cron string: "${value}"`;
      },
    }),
    timezone: text().nullable().default(null),
    day_or: flag().default(true),
  })
  .refine(hasZone, unknownZone);

const rruleSchedule = z.strictObject({
  rrule: text({ check: checkRrule }),
  timezone: text({
    check: (value) =>
      zoneNames.has(value)
        ? undefined
        : `Invalid timezone: "${value}" (specify in IANA tzdata format, for example, America/New_York)`,
  })
    .nullable()
    .default("UTC"),
});

function checkRrule(value: string): string | undefined {
  if (value.length > MAX_RRULE_CHARACTERS) {
    return `Invalid RRule string "${value.slice(0, 40)}..."\nMax length is ${MAX_RRULE_CHARACTERS}, got ${value.length}`;
  }
  try {
    // Also in the form in which it is stored: a rule that clients can't parse would break every list with it.
    readRrule(withStart(value, "UTC", "2020-01-01T00:00:00.000000Z"));
    return undefined;
  } catch (error) {
    if (error instanceof RruleProblem) return `Invalid RRule string "${value}": ${error.message}`;
    throw error;
  }
}

const schedule = oneOfModels<typeof intervalSchedule | typeof cronSchedule | typeof rruleSchedule>(
  // Labels as pydantic makes them.
  { label: "function-after[validate_timezone(), IntervalSchedule]", schema: intervalSchedule },
  { label: "function-after[validate_timezone(), CronSchedule]", schema: cronSchedule },
  { label: "RRuleSchedule", schema: rruleSchedule },
);

const maxScheduledRuns = integer({ gt: 0 })
  .refine((value) => value <= MAX_SCHEDULED_RUNS, {
    error: `Value error, \`max_scheduled_runs\` must be less than or equal to ${MAX_SCHEDULED_RUNS}.`,
    params: { type: "value_error", ctx: { error: {} } },
  })
  .nullable();

export const newSchedule = z
  .strictObject({
    active: flag().default(true),
    schedule,
    max_scheduled_runs: maxScheduledRuns.default(null),
    parameters: document().default({}),
    slug: text().nullable().default(null),
    /** For changes of a deployment: the slug that this schedule had before. */
    replaces: text().nullable().default(null),
  })
  .meta({ id: "DeploymentScheduleCreate" });

/** Absent parameters become empty; null elsewhere means unchanged. */
export const scheduleChanges = {
  active: flag().nullable().default(null),
  schedule: schedule.nullable().default(null),
  max_scheduled_runs: maxScheduledRuns.default(null),
  parameters: document().default({}),
  slug: text().nullable().default(null),
  replaces: text().nullable().default(null),
};
