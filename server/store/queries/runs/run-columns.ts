import type { RunColumns, StateColumns, StateDerivedColumns } from "../../tables/flow-runs.ts";

export const STATE_DERIVED_COLUMNS = [
  "state_id",
  "state_type",
  "state_name",
  "state_timestamp",
  "run_count",
  "expected_start_time",
  "next_scheduled_start_time",
  "start_time",
  "end_time",
  "total_run_time",
] as const satisfies (keyof StateDerivedColumns)[];

/** Columns of both flow runs and task runs. */
export const RUN_COLUMNS = [
  "id",
  "created",
  "updated",
  "name",
  ...STATE_DERIVED_COLUMNS,
  "tags",
  "labels",
  "empirical_policy",
] as const satisfies (keyof RunColumns)[];

/** Columns of the states of both. */
export const STATE_COLUMNS = [
  "id",
  "type",
  "name",
  "timestamp",
  "message",
  "data",
  "state_details",
] as const satisfies (keyof StateColumns)[];
