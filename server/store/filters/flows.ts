import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import { Conditions, type Criteria, type Operator } from "../sql/conditions.ts";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";

export interface FlowFilter {
  operator?: Operator | undefined;
  id?: Criteria<{ any_: string[]; not_any_: string[] }>;
  deployment?: Criteria<{ operator: Operator; is_null_: boolean }>;
  name?: Criteria<{ any_: string[]; like_: string }>;
  tags?: Criteria<{ operator: Operator; all_: string[]; is_null_: boolean }>;
}

export function flowCondition(db: Db, filter: FlowFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "flow">();
  const { id, deployment, name, tags } = filter;
  return new Conditions(db, eb)
    .column(eb.ref("flow.id"), id)
    .member(deployment, (conditions, { is_null_ }) =>
      conditions.add(is_null_ == null ? undefined : hasDeployment(!is_null_)),
    )
    .column(eb.ref("flow.name"), name)
    .add(tags == null ? undefined : tagCondition(db, eb.ref("flow.tags"), tags))
    .join(filter.operator);
}

function hasDeployment(expected: boolean): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "flow">();
  const some = eb.exists(
    eb.selectFrom("deployment as own").select(eb.lit(1).as("one")).whereRef("own.flow_id", "=", "flow.id"),
  );
  return expected ? some : eb.not(some);
}

/** Tags as a JSON list of strings. An empty `all_` matches every row. */
export function tagCondition(
  db: Db,
  column: Expression<unknown>,
  tags: NonNullable<Criteria<{ operator: Operator; all_: string[]; any_: string[]; is_null_: boolean }>>,
): Expression<SqlBool> {
  return new Conditions(db, expressionBuilder<Tables, "flow">())
    .containsAll(column, tags.all_?.length === 0 ? null : tags.all_)
    .containsAny(column, tags.any_)
    .isEmptyList(column, tags.is_null_)
    .join(tags.operator ?? "and_");
}
