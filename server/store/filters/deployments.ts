import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import { Conditions, type Criteria, type Operator } from "../sql/conditions.ts";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";
import { tagCondition } from "./flows.ts";

export interface DeploymentFilter {
  operator?: Operator | undefined;
  id?: Criteria<{ any_: string[]; not_any_: string[] }>;
  name?: Criteria<{ any_: string[]; like_: string }>;
  flow_or_deployment_name?: Criteria<{ like_: string }>;
  paused?: Criteria<{ eq_: boolean }>;
  tags?: Criteria<{ operator: Operator; all_: string[]; any_: string[]; is_null_: boolean }>;
  work_queue_name?: Criteria<{ any_: string[] }>;
  /** Accepted and ignored, as in Prefect. */
  concurrency_limit?: Criteria<{ ge_: number; le_: number; is_null_: boolean }>;
}

export function deploymentCondition(db: Db, filter: DeploymentFilter): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "deployment">();
  const { tags } = filter;
  return new Conditions(db, eb)
    .column(eb.ref("deployment.id"), filter.id)
    .column(eb.ref("deployment.name"), filter.name)
    .member(filter.flow_or_deployment_name, (conditions, { like_ }) =>
      conditions.add(like_ ? ownOrFlowName(db, like_) : undefined),
    )
    .member(filter.paused, (conditions, { eq_ }) =>
      conditions.add(eq_ == null ? undefined : eb("deployment.paused", "=", eq_ ? 1 : 0)),
    )
    .add(tags == null ? undefined : tagCondition(db, eb.ref("deployment.tags"), tags))
    .column(eb.ref("deployment.work_queue_name"), filter.work_queue_name)
    .join(filter.operator);
}

function ownOrFlowName(db: Db, text: string): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "deployment">();
  const flow = expressionBuilder<Tables, "flow">();
  return eb.or([
    new Conditions(db, eb).like(eb.ref("deployment.name"), text).join(),
    eb.exists(
      eb
        .selectFrom("flow")
        .select(eb.lit(1).as("one"))
        .whereRef("flow.id", "=", "deployment.flow_id")
        .where(new Conditions(db, flow).like(flow.ref("flow.name"), text).join()),
    ),
  ]);
}
