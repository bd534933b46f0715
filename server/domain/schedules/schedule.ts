/** When a deployment runs, as the API stores and shows it. */
export type Schedule = IntervalSchedule | CronSchedule | RruleSchedule;

export interface IntervalSchedule {
  /** Seconds, above 0; fractions down to microseconds. */
  readonly interval: number;
  /** A moment that counts; the others are whole intervals away. RFC 3339. */
  readonly anchor_date: string;
  readonly timezone: string | null;
}

export interface CronSchedule {
  readonly cron: string;
  readonly timezone: string | null;
  /** When both date and weekday are set, a day must match one of them (true) or both. */
  readonly day_or: boolean;
}

export interface RruleSchedule {
  /** RFC 5545, with DTSTART. Zones in it are ignored: its times are local times of `timezone`. */
  readonly rrule: string;
  readonly timezone: string | null;
}

/** Prefect's name of the kind, for `created_by` of scheduled runs. */
export function kindOf(schedule: Schedule): "IntervalSchedule" | "CronSchedule" | "RRuleSchedule" {
  if ("interval" in schedule) return "IntervalSchedule";
  return "cron" in schedule ? "CronSchedule" : "RRuleSchedule";
}

/** Seconds since 1970. */
export interface Window {
  readonly from: number;
  readonly until: number;
}
