import { type Expression, expressionBuilder, type SqlBool, sql } from "kysely";
import { Conditions, type Criteria, type Operator, type Span } from "../sql/conditions.ts";
import { expressions } from "../sql/expressions.ts";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";
import { tagCondition } from "./flows.ts";

type Some = Criteria<{ any_: string[]; not_any_: string[] }>;
type SomeOrNone = Criteria<{ operator: Operator; any_: string[]; is_null_: boolean }>;

export interface FlowRunFilter {
  operator?: Operator | undefined;
  id?: Some;
  name?: Criteria<{ any_: string[]; like_: string }>;
  tags?: Criteria<{ operator: Operator; all_: string[]; any_: string[]; is_null_: boolean }>;
  deployment_id?: SomeOrNone;
  work_queue_name?: SomeOrNone;
  state?: Criteria<{ operator: Operator; type: Some; name: Some }>;
  flow_version?: Criteria<{ any_: string[] }>;
  start_time?: Criteria<Span & { is_null_: boolean }>;
  end_time?: Criteria<Span & { is_null_: boolean }>;
  expected_start_time?: Criteria<Span>;
  next_scheduled_start_time?: Criteria<Span>;
  parent_flow_run_id?: Criteria<{ operator: Operator; any_: string[] }>;
  parent_task_run_id?: SomeOrNone;
  idempotency_key?: Some;
  created_by?: Criteria<{ operator: Operator; id_: string[]; type_: string[]; is_null_: boolean }>;
}

export function flowRunCondition(db: Db, filter: FlowRunFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "flow_run">();
  const { tags, state, created_by: creator } = filter;
  return new Conditions(db, eb)
    .column(eb.ref("flow_run.id"), filter.id)
    .column(eb.ref("flow_run.name"), filter.name)
    .add(tags == null ? undefined : tagCondition(db, eb.ref("flow_run.tags"), tags))
    .column(eb.ref("flow_run.deployment_id"), filter.deployment_id)
    .column(eb.ref("flow_run.work_queue_name"), filter.work_queue_name)
    .column(eb.ref("flow_run.flow_version"), filter.flow_version)
    .add(state == null ? undefined : stateCondition(db, state))
    .member(filter.start_time, (conditions, criteria) =>
      conditions.between(START, criteria).isNull(eb.ref("flow_run.start_time"), criteria.is_null_),
    )
    .column(eb.ref("flow_run.end_time"), filter.end_time)
    .column(eb.ref("flow_run.expected_start_time"), filter.expected_start_time)
    .column(eb.ref("flow_run.next_scheduled_start_time"), filter.next_scheduled_start_time)
    .member(filter.parent_flow_run_id, (conditions, { any_ }) =>
      conditions.add(any_ == null ? undefined : startedBy(db, any_)),
    )
    .column(eb.ref("flow_run.parent_task_run_id"), filter.parent_task_run_id)
    .column(eb.ref("flow_run.idempotency_key"), filter.idempotency_key)
    .add(creator == null ? undefined : creatorCondition(db, creator))
    .join(filter.operator);
}

/** When a run started, or else its expected start. Spelled as in its index. */
export const START = sql<string>`coalesce(start_time, expected_start_time)`;

function stateCondition(db: Db, { type, name, operator }: NonNullable<FlowRunFilter["state"]>): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "flow_run">();
  return new Conditions(db, eb)
    .isIn(eb.ref("flow_run.state_type"), type?.any_)
    .isNotIn(eb.ref("flow_run.state_type"), type?.not_any_)
    .isIn(eb.ref("flow_run.state_name"), name?.any_)
    .isNotIn(eb.ref("flow_run.state_name"), name?.not_any_)
    .join(operator ?? "and_");
}

/** Runs that task runs of these flow runs stand for. */
function startedBy(db: Db, flowRunIds: readonly string[]): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "flow_run">();
  return eb(
    "flow_run.parent_task_run_id",
    "in",
    eb
      .selectFrom("task_run as parent")
      .select("parent.id")
      .where((parent) => expressions(db).isIn(parent.ref("parent.flow_run_id"), flowRunIds)),
  );
}

function creatorCondition(db: Db, criteria: NonNullable<FlowRunFilter["created_by"]>): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "flow_run">();
  const column = eb.ref("flow_run.created_by");
  const { member } = expressions(db);
  return new Conditions(db, eb)
    .isIn(member(column, "id"), criteria.id_)
    .isIn(member(column, "type"), criteria.type_)
    .isNull(column, criteria.is_null_)
    .join(criteria.operator ?? "and_");
}
