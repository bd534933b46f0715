import type { RunColumns } from "../store/tables/flow-runs.ts";
import { secondsBetween, type Timestamp } from "../values/timestamp.ts";
import { TERMINAL } from "./orchestration/state.ts";

/** A run's estimated times. Pure. Source: prefect/server/database/orm_models.py, Run. */

type Times = Pick<
  RunColumns,
  "state_type" | "state_timestamp" | "start_time" | "expected_start_time" | "total_run_time"
>;

/** Seconds spent RUNNING so far. */
export function runTime(run: Times, now: Timestamp): number {
  if (run.state_type !== "RUNNING" || run.state_timestamp === null) return run.total_run_time;
  return run.total_run_time + secondsBetween(run.state_timestamp, now);
}

/** Seconds it started late, or is late now. */
export function lateness(run: Omit<Times, "total_run_time" | "state_timestamp">, now: Timestamp): number {
  const { start_time, expected_start_time, state_type } = run;
  if (expected_start_time === null) return 0;
  if (start_time !== null) return Math.max(0, secondsBetween(expected_start_time, start_time));
  if (state_type === null || TERMINAL.has(state_type)) return 0;
  return Math.max(0, secondsBetween(expected_start_time, now));
}
