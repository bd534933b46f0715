import type { RunTimes } from "../store/queries/runs/flow-run-lists.ts";
import { addSeconds, secondsBetween, type Timestamp } from "../values/timestamp.ts";
import { lateness, runTime } from "./run-times.ts";

/** Most intervals in one history. */
const MOST_INTERVALS = 500;

export interface Interval {
  interval_start: Timestamp;
  interval_end: Timestamp;
  states: IntervalState[];
}

export interface IntervalState {
  state_type: NonNullable<RunTimes["state_type"]>;
  state_name: string;
  count_runs: number;
  sum_estimated_run_time: number;
  sum_estimated_lateness: number;
}

/** Intervals of equal length, the first from `start`, until `end` is reached. */
export function intervals(start: Timestamp, end: Timestamp, seconds: number): Interval[] {
  const list: Interval[] = [];
  for (let from = start; from < end && list.length < MOST_INTERVALS; ) {
    const before = addSeconds(from, seconds);
    list.push({ interval_start: from, interval_end: before, states: [] });
    // At the latest timestamp, adding seconds changes nothing.
    if (before <= from) break;
    from = before;
  }
  return list;
}

/** Counts runs by state, each in the interval in which it was expected to start. */
export function fill(list: Interval[], seconds: number, runs: readonly RunTimes[], now: Timestamp): Interval[] {
  const first = list[0];
  if (first === undefined) return list;
  for (const run of runs) {
    if (run.expected_start_time === null || run.state_type === null || run.state_name === null) continue;
    const interval = list[Math.floor(secondsBetween(first.interval_start, run.expected_start_time) / seconds)];
    if (interval === undefined) continue;
    const { state_type, state_name } = run;
    let state = interval.states.find((one) => one.state_type === state_type && one.state_name === state_name);
    if (state === undefined) {
      state = { state_type, state_name, count_runs: 0, sum_estimated_run_time: 0, sum_estimated_lateness: 0 };
      interval.states.push(state);
    }
    state.count_runs += 1;
    state.sum_estimated_run_time += Math.max(0, runTime(run, now));
    state.sum_estimated_lateness += lateness(run, now);
  }
  return list;
}
