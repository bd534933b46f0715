import { START } from "../../filters/flow-runs.ts";
import { flowRunsMatching, type RelatedFilters } from "../../filters/related.ts";
import { countRows } from "../../sql/count-rows.ts";
import type { Page } from "../../sql/page.ts";
import type { Db } from "../../store.ts";
import type { FlowRunRow } from "../../tables/flow-runs.ts";
import { type FlowRun, withState } from "./flow-runs.ts";

/** How runs are sorted: column and direction. */
const SORTS = {
  ID_DESC: ["flow_run.id", "desc"],
  START_TIME_ASC: [START, "asc"],
  START_TIME_DESC: [START, "desc"],
  EXPECTED_START_TIME_ASC: ["flow_run.expected_start_time", "asc"],
  EXPECTED_START_TIME_DESC: ["flow_run.expected_start_time", "desc"],
  NAME_ASC: ["flow_run.name", "asc"],
  NAME_DESC: ["flow_run.name", "desc"],
  NEXT_SCHEDULED_START_TIME_ASC: ["flow_run.next_scheduled_start_time", "asc"],
  END_TIME_DESC: ["flow_run.end_time", "desc"],
} as const;

export type FlowRunSort = keyof typeof SORTS;

export async function listFlowRuns(db: Db, filters: RelatedFilters, sort: FlowRunSort, page: Page): Promise<FlowRun[]> {
  const [column, direction] = SORTS[sort];
  return withState(db)
    .where(flowRunsMatching(db, filters))
    .orderBy(column, direction)
    .$if(sort !== "ID_DESC", (query) => query.orderBy("flow_run.id", direction))
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countFlowRuns(db: Db, filters: RelatedFilters): Promise<number> {
  return countRows(db.selectFrom("flow_run").where(flowRunsMatching(db, filters)));
}

/** What histories are made of. */
export type RunTimes = Pick<
  FlowRunRow,
  "state_type" | "state_name" | "state_timestamp" | "expected_start_time" | "start_time" | "total_run_time"
>;

const TIMES = [
  "state_type",
  "state_name",
  "state_timestamp",
  "expected_start_time",
  "start_time",
  "total_run_time",
] as const;

/** The times of all runs that fit; with a span, of those that were expected to start in it. */
export async function timesOfFlowRuns(
  db: Db,
  filters: RelatedFilters,
  span?: { from: string; before: string },
): Promise<RunTimes[]> {
  let query = db.selectFrom("flow_run").select(TIMES).where(flowRunsMatching(db, filters));
  if (span !== undefined) {
    query = query.where("expected_start_time", ">=", span.from).where("expected_start_time", "<", span.before);
  }
  return query.execute();
}
