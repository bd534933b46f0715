import type { StateDerivedColumns } from "../../store/tables/flow-runs.ts";
import { addSeconds, secondsBetween } from "../../values/timestamp.ts";
import { isTerminal, type ProposedState, type State } from "./state.ts";

/** Columns of a run that follow from its states. Pure. Source: prefect/server/orchestration/global_policy.py. */

export const INITIAL_COLUMNS: StateDerivedColumns = {
  state_id: null,
  state_type: null,
  state_name: null,
  state_timestamp: null,
  run_count: 0,
  expected_start_time: null,
  next_scheduled_start_time: null,
  start_time: null,
  end_time: null,
  total_run_time: 0,
};

/** The columns of a run that goes from `before` to `after`. `resuming`: RUNNING does not count as another attempt. */
export function runColumnsAfter(
  run: StateDerivedColumns,
  before: State | null,
  after: State,
  resuming: boolean,
): StateDerivedColumns {
  const running = after.type === "RUNNING";
  const scheduled = after.type === "SCHEDULED" ? after.state_details.scheduled_time : null;
  const ends = isTerminal(after);
  const end = isTerminal(before) && !ends ? null : run.end_time;
  const start = run.start_time ?? (running || (ends && end === null) ? after.timestamp : null);
  const ran = before?.type === "RUNNING" ? secondsBetween(before.timestamp, after.timestamp) : 0;
  return {
    state_id: after.id,
    state_type: after.type,
    state_name: after.name,
    state_timestamp: after.timestamp,
    run_count: run.run_count + (running && !resuming ? 1 : 0),
    expected_start_time: run.expected_start_time ?? scheduled ?? after.timestamp,
    next_scheduled_start_time: nextStart(run, before, after),
    start_time: start,
    end_time: end ?? (ends ? after.timestamp : null),
    total_run_time: roundToMicroseconds(run.total_run_time + ran),
  };
}

function nextStart(run: StateDerivedColumns, before: State | null, after: State): string | null {
  if (after.type === "SCHEDULED") return after.state_details.scheduled_time;
  return before?.type === "SCHEDULED" ? null : run.next_scheduled_start_time;
}

/** The state with a timestamp after the state before: a run's states have ascending timestamps, also when the clock stands or goes back. */
export function withLaterTimestamp<S extends ProposedState>(state: S, before: State | null): S {
  if (before === null || state.timestamp > before.timestamp) return state;
  return { ...state, timestamp: addSeconds(before.timestamp, 1e-6) };
}

function roundToMicroseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
