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
  /** Absent: a random one. */
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
  /** The user's labels; the server's are added. */
  labels?: object | null | undefined;
  /** The deployment's labels. Absent: the flow's. */
  parentLabels?: object | undefined;
  idempotency_key?: string | null | undefined;
  parent_task_run_id?: string | null | undefined;
  infrastructure_document_id?: string | null | undefined;
  job_variables?: object | null | undefined;
  auto_scheduled?: boolean | undefined;
  created_by?: object | null | undefined;
}

/** Creates a run in its first state, without rules, inside a write. An existing run of the flow with the same idempotency key is returned
 *  instead. Throws: StoreError `reference` for an unknown flow or parent. */
export async function createFlowRun(
  context: Context,
  tx: Db,
  newRun: NewFlowRun,
): Promise<{ run: FlowRun; created: boolean }> {
  const { ids, clock, changes } = context;
  if (newRun.parent_task_run_id != null) await requireTaskRun(tx, newRun.parent_task_run_id);
  const now = clock.now();
  const id = ids.uuid7();
  const policy = newRun.empirical_policy ?? NO_POLICY;
  const state: State = withDetails(
    { ...propose(newRun.state, now), id: ids.uuid7() },
    { flow_run_id: id, ...(newRun.parent_task_run_id != null && { task_run_id: newRun.parent_task_run_id }) },
  );
  const row: FlowRunRow = {
    id,
    created: now,
    updated: now,
    name: newRun.name ?? runName(id),
    ...runColumnsAfter(INITIAL_COLUMNS, null, state, policy.resuming === true),
    ...policyColumns(resumed(policy, state)),
    tags: toJson(newRun.tags ?? []),
    labels: toJson(await labelsOf(tx, newRun)),
    flow_id: newRun.flow_id,
    deployment_id: newRun.deployment_id ?? null,
    deployment_version: newRun.deployment_version ?? null,
    work_queue_id: newRun.work_queue_id ?? null,
    work_queue_name: newRun.work_queue_name ?? null,
    flow_version: newRun.flow_version ?? null,
    parameters: toJson(newRun.parameters ?? {}),
    idempotency_key: newRun.idempotency_key ?? null,
    context: toJson(newRun.context ?? {}),
    parent_task_run_id: newRun.parent_task_run_id ?? null,
    auto_scheduled: newRun.auto_scheduled ? 1 : 0,
    infrastructure_document_id: newRun.infrastructure_document_id ?? null,
    infrastructure_pid: null,
    created_by: newRun.created_by == null ? null : toJson(newRun.created_by),
    job_variables: toJson(newRun.job_variables ?? {}),
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
