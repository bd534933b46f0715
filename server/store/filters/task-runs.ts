import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import { Conditions, type Criteria, type Operator, type Span } from "../sql/conditions.ts";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";
import { tagCondition } from "./flows.ts";

export interface TaskRunFilter {
  operator?: Operator | undefined;
  id?: Criteria<{ any_: string[] }>;
  name?: Criteria<{ any_: string[]; like_: string }>;
  tags?: Criteria<{ operator: Operator; all_: string[]; is_null_: boolean }>;
  state?: Criteria<{ operator: Operator; type: Criteria<{ any_: string[] }>; name: Criteria<{ any_: string[] }> }>;
  start_time?: Criteria<Span & { is_null_: boolean }>;
  end_time?: Criteria<Span & { is_null_: boolean }>;
  expected_start_time?: Criteria<Span>;
  subflow_runs?: Criteria<{ exists_: boolean }>;
  flow_run_id?: Criteria<{ operator: Operator; any_: string[]; is_null_: boolean }>;
}

export function taskRunCondition(db: Db, filter: TaskRunFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "task_run">();
  const { tags, state } = filter;
  return new Conditions(db, eb)
    .column(eb.ref("task_run.id"), filter.id)
    .column(eb.ref("task_run.name"), filter.name)
    .add(tags == null ? undefined : tagCondition(db, eb.ref("task_run.tags"), tags))
    .member(state, (conditions, { type, name }) =>
      conditions.isIn(eb.ref("task_run.state_type"), type?.any_).isIn(eb.ref("task_run.state_name"), name?.any_),
    )
    .column(eb.ref("task_run.start_time"), filter.start_time)
    .column(eb.ref("task_run.end_time"), filter.end_time)
    .column(eb.ref("task_run.expected_start_time"), filter.expected_start_time)
    .member(filter.subflow_runs, (conditions, { exists_ }) =>
      conditions.add(exists_ == null ? undefined : standsForSubflow(exists_)),
    )
    .member(filter.flow_run_id, (conditions, criteria) => conditions.add(flowRunCondition(db, criteria)))
    .join(filter.operator);
}

function standsForSubflow(expected: boolean): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "task_run">();
  const some = eb.exists(
    eb
      .selectFrom("flow_run as subflow")
      .select(eb.lit(1).as("one"))
      .whereRef("subflow.parent_task_run_id", "=", "task_run.id"),
  );
  return expected ? some : eb.not(some);
}

/** An empty criterion means runs that have a flow run. */
function flowRunCondition(db: Db, { any_, is_null_ = false }: NonNullable<TaskRunFilter["flow_run_id"]>) {
  const eb = expressionBuilder<Tables, "task_run">();
  const column = eb.ref("task_run.flow_run_id");
  if (is_null_ === true) return eb(column, "is", null);
  if (any_ != null) return new Conditions(db, eb).isIn(column, any_).join();
  return is_null_ === false ? eb(column, "is not", null) : undefined;
}
