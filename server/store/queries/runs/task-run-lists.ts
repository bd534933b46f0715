import { type RelatedFilters, taskRunsMatching } from "../../filters/related.ts";
import { countRows } from "../../sql/count-rows.ts";
import type { Page } from "../../sql/page.ts";
import type { Db } from "../../store.ts";
import type { RunTimes } from "./flow-run-lists.ts";
import { type TaskRun, withTaskState } from "./task-runs.ts";

/** How task runs are sorted: column and direction. */
const SORTS = {
  ID_DESC: ["task_run.id", "desc"],
  EXPECTED_START_TIME_ASC: ["task_run.expected_start_time", "asc"],
  EXPECTED_START_TIME_DESC: ["task_run.expected_start_time", "desc"],
  NAME_ASC: ["task_run.name", "asc"],
  NAME_DESC: ["task_run.name", "desc"],
  NEXT_SCHEDULED_START_TIME_ASC: ["task_run.next_scheduled_start_time", "asc"],
  END_TIME_DESC: ["task_run.end_time", "desc"],
} as const;

export type TaskRunSort = keyof typeof SORTS;

export async function listTaskRuns(db: Db, filters: RelatedFilters, sort: TaskRunSort, page: Page): Promise<TaskRun[]> {
  const [column, direction] = SORTS[sort];
  return withTaskState(db)
    .where(taskRunsMatching(db, filters))
    .orderBy(column, direction)
    .$if(sort !== "ID_DESC", (query) => query.orderBy("task_run.id", direction))
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countTaskRuns(db: Db, filters: RelatedFilters): Promise<number> {
  return countRows(db.selectFrom("task_run").where(taskRunsMatching(db, filters)));
}

/** The times of the task runs that fit and were expected to start in the span. */
export async function timesOfTaskRuns(
  db: Db,
  filters: RelatedFilters,
  span: { from: string; before: string },
): Promise<RunTimes[]> {
  return db
    .selectFrom("task_run")
    .select(["state_type", "state_name", "state_timestamp", "expected_start_time", "start_time", "total_run_time"])
    .where(taskRunsMatching(db, filters))
    .where("expected_start_time", ">=", span.from)
    .where("expected_start_time", "<", span.before)
    .execute();
}
