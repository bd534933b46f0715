import { flowById } from "../../store/queries/flows.ts";
import {
  type FlowRun,
  flowRunById,
  flowRunByKey,
  insertFlowRun,
  insertFlowRunState,
} from "../../store/queries/runs/flow-runs.ts";
import { taskRunById } from "../../store/queries/runs/task-runs.ts";
import type { Db } from "../../store/store.ts";
import { StoreError } from "../../store/store-error.ts";
import type { FlowRunRow } from "../../store/tables/flow-runs.ts";
import { parseJson, toJson } from "../../values/json.ts";
import type { Context } from "../context.ts";
import { type FlowRunPolicy, NO_POLICY, policyColumns, resumed } from "../orchestration/policy.ts";
import { INITIAL_COLUMNS, runColumnsAfter } from "../orchestration/run-columns.ts";
import { type NewState, propose, type State, withDetails, writeState } from "../orchestration/state.ts";
import { runName } from "../run-name.ts";
import { followSubflow } from "../task-runs/set-state.ts";

export interface NewFlowRun {
  flow_id: string;
  /** None: a random one. */
  name?: string | undefined;
  state: NewState;
  deployment_id?: string | null | undefined;
  deployment_version?: string | null | undefined;
  work_queue_id?: string | null | undefined;
  work_queue_name?: string | null | undefined;
  flow_version?: string | null | undefined;
  parameters?: object | undefined;
  context?: object | undefined;
  empirical_policy?: FlowRunPolicy | undefined;
  tags?: readonly string[] | undefined;
  /** The user's own; what the server adds is added here. */
  labels?: object | null | undefined;
  /** Labels to start from: the deployment's. None: the flow's. */
  parentLabels?: object | undefined;
  idempotency_key?: string | null | undefined;
  parent_task_run_id?: string | null | undefined;
  infrastructure_document_id?: string | null | undefined;
  job_variables?: object | null | undefined;
  auto_scheduled?: boolean | undefined;
  created_by?: object | null | undefined;
}

/** Makes a run in its first state, without asking any rule, inside a write. A run of the same flow with the same idempotency key is
 *  answered instead, as it is. Throws: StoreError `reference` for an unknown flow or parent. */
export async function createFlowRun(
  context: Context,
  tx: Db,
  given: NewFlowRun,
): Promise<{ run: FlowRun; created: boolean }> {
  const { ids, clock, changes } = context;
  if (given.parent_task_run_id != null) await requireTaskRun(tx, given.parent_task_run_id);
  const now = clock.now();
  const id = ids.uuid7();
  const policy = given.empirical_policy ?? NO_POLICY;
  const state: State = withDetails(
    { ...propose(given.state, now), id: ids.uuid7() },
    { flow_run_id: id, ...(given.parent_task_run_id != null && { task_run_id: given.parent_task_run_id }) },
  );
  const row: FlowRunRow = {
    id,
    created: now,
    updated: now,
    name: given.name ?? runName(id),
    ...runColumnsAfter(INITIAL_COLUMNS, null, state, policy.resuming === true),
    ...policyColumns(resumed(policy, state)),
    tags: toJson(given.tags ?? []),
    labels: toJson(await labelsOf(tx, given)),
    flow_id: given.flow_id,
    deployment_id: given.deployment_id ?? null,
    deployment_version: given.deployment_version ?? null,
    work_queue_id: given.work_queue_id ?? null,
    work_queue_name: given.work_queue_name ?? null,
    flow_version: given.flow_version ?? null,
    parameters: toJson(given.parameters ?? {}),
    idempotency_key: given.idempotency_key ?? null,
    context: toJson(given.context ?? {}),
    parent_task_run_id: given.parent_task_run_id ?? null,
    auto_scheduled: given.auto_scheduled ? 1 : 0,
    infrastructure_document_id: given.infrastructure_document_id ?? null,
    infrastructure_pid: null,
    created_by: given.created_by == null ? null : toJson(given.created_by),
    job_variables: toJson(given.job_variables ?? {}),
  };
  if (!(await insertFlowRun(tx, row))) {
    return { run: (await flowRunByKey(tx, row.flow_id, row.idempotency_key as string)) as FlowRun, created: false };
  }
  await insertFlowRunState(tx, { ...writeState(state), flow_run_id: id });
  const run = (await flowRunById(tx, id)) as FlowRun;
  if (run.parent_task_run_id !== null) await followSubflow(context, tx, run.parent_task_run_id, id, state);
  changes.report({ kind: "flow-run-state", run, before: null, after: state });
  return { run, created: true };
}

async function labelsOf(tx: Db, { flow_id, deployment_id, parentLabels, labels }: NewFlowRun): Promise<object> {
  return {
    ...(parentLabels ?? parseJson((await flowById(tx, flow_id))?.labels ?? "{}")),
    "prefect.flow.id": flow_id,
    ...(deployment_id != null && { "prefect.deployment.id": deployment_id }),
    ...labels,
  };
}

async function requireTaskRun(tx: Db, id: string): Promise<void> {
  if ((await taskRunById(tx, id)) === undefined)
    throw new StoreError("reference", new Error(`there is no task run ${id}`));
}
