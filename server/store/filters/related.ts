import { type Expression, expressionBuilder, type SqlBool } from "kysely";
import type { Db } from "../store.ts";
import type { Tables } from "../tables/index.ts";
import { type DeploymentFilter, deploymentCondition } from "./deployments.ts";
import { type FlowRunFilter, flowRunCondition } from "./flow-runs.ts";
import { type FlowFilter, flowCondition } from "./flows.ts";
import { type TaskRunFilter, taskRunCondition } from "./task-runs.ts";
import { type WorkPoolFilter, workPoolCondition } from "./work-pools.ts";
import { type WorkQueueFilter, workQueueCondition } from "./work-queues.ts";

/** The filters of a list request. A filter, even an empty one, requires that such an object exists. */
export interface RelatedFilters {
  flows?: FlowFilter | undefined;
  flow_runs?: FlowRunFilter | undefined;
  task_runs?: TaskRunFilter | undefined;
  deployments?: DeploymentFilter | undefined;
  work_pools?: WorkPoolFilter | undefined;
  work_pool_queues?: WorkQueueFilter | undefined;
}

/** Flow runs that match, and whose flow, deployment, … match. */
export function flowRunsMatching(db: Db, filters: RelatedFilters): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "flow_run">();
  const { flows, flow_runs, task_runs, deployments } = filters;
  const one = eb.lit(1).as("one");
  const conditions: Expression<SqlBool>[] = [];
  if (flow_runs !== undefined) conditions.push(flowRunCondition(db, flow_runs));
  if (flows !== undefined) {
    const flow = eb.selectFrom("flow").select(one).whereRef("flow.id", "=", "flow_run.flow_id");
    conditions.push(eb.exists(flow.where(flowCondition(db, flows))));
  }
  if (deployments !== undefined) {
    const deployment = eb.selectFrom("deployment").select(one).whereRef("deployment.id", "=", "flow_run.deployment_id");
    conditions.push(eb.exists(deployment.where(deploymentCondition(db, deployments))));
  }
  if (task_runs !== undefined) {
    const taskRun = eb.selectFrom("task_run").select(one).whereRef("task_run.flow_run_id", "=", "flow_run.id");
    conditions.push(eb.exists(taskRun.where(taskRunCondition(db, task_runs))));
  }
  if (filters.work_pools !== undefined || filters.work_pool_queues !== undefined) {
    const queue = servedBy(db, filters).whereRef("work_queue.id", "=", "flow_run.work_queue_id");
    conditions.push(eb.exists(queue));
  }
  return eb.and(conditions);
}

/** Task runs that match, and whose flow run, flow, … match. */
export function taskRunsMatching(db: Db, filters: RelatedFilters): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "task_run">();
  const { task_runs, ...others } = filters;
  const conditions: Expression<SqlBool>[] = [];
  if (task_runs !== undefined) conditions.push(taskRunCondition(db, task_runs));
  if (Object.values(others).some((filter) => filter !== undefined)) {
    const flowRun = eb
      .selectFrom("flow_run")
      .select(eb.lit(1).as("one"))
      .whereRef("flow_run.id", "=", "task_run.flow_run_id")
      .where(flowRunsMatching(db, others));
    conditions.push(eb.exists(flowRun));
  }
  return eb.and(conditions);
}

/** Flows that match, and have a run, a deployment, … that matches. */
export function flowsMatching(db: Db, filters: RelatedFilters): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "flow">();
  const { flows, flow_runs, task_runs, deployments, work_pools } = filters;
  const one = eb.lit(1).as("one");
  const conditions: Expression<SqlBool>[] = [];
  if (flows !== undefined) conditions.push(flowCondition(db, flows));
  if (deployments !== undefined || work_pools !== undefined) {
    let deployment = eb.selectFrom("deployment").select(one).whereRef("deployment.flow_id", "=", "flow.id");
    if (deployments !== undefined) deployment = deployment.where(deploymentCondition(db, deployments));
    if (work_pools !== undefined) {
      const queue = servedBy(db, { work_pools }).whereRef("work_queue.id", "=", "deployment.work_queue_id");
      deployment = deployment.where(eb.exists(queue));
    }
    conditions.push(eb.exists(deployment));
  }
  if (flow_runs !== undefined || task_runs !== undefined) {
    const run = eb.selectFrom("flow_run").select(one).whereRef("flow_run.flow_id", "=", "flow.id");
    conditions.push(eb.exists(run.where(flowRunsMatching(db, { flow_runs, task_runs }))));
  }
  return eb.and(conditions);
}

/** Deployments that match, and whose flow, runs, queue, … match. */
export function deploymentsMatching(db: Db, filters: RelatedFilters): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, "deployment">();
  const { flows, flow_runs, task_runs, deployments } = filters;
  const one = eb.lit(1).as("one");
  const conditions: Expression<SqlBool>[] = [];
  if (deployments !== undefined) conditions.push(deploymentCondition(db, deployments));
  if (flows !== undefined) {
    const flow = eb.selectFrom("flow").select(one).whereRef("flow.id", "=", "deployment.flow_id");
    conditions.push(eb.exists(flow.where(flowCondition(db, flows))));
  }
  if (flow_runs !== undefined || task_runs !== undefined) {
    const run = eb.selectFrom("flow_run").select(one).whereRef("flow_run.deployment_id", "=", "deployment.id");
    conditions.push(eb.exists(run.where(flowRunsMatching(db, { flow_runs, task_runs }))));
  }
  if (filters.work_pools !== undefined || filters.work_pool_queues !== undefined) {
    const queue = servedBy(db, filters).whereRef("work_queue.id", "=", "deployment.work_queue_id");
    conditions.push(eb.exists(queue));
  }
  return eb.and(conditions);
}

/** Queues that match and whose pools match; the caller joins them. */
function servedBy(db: Db, { work_pools, work_pool_queues }: RelatedFilters) {
  const eb = expressionBuilder<Tables, "flow_run" | "deployment">();
  let queue = eb
    .selectFrom("work_queue")
    .innerJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .select(eb.lit(1).as("one"));
  if (work_pools !== undefined) queue = queue.where(workPoolCondition(db, work_pools));
  if (work_pool_queues !== undefined) queue = queue.where(workQueueCondition(db, work_pool_queues));
  return queue;
}
