import { z } from "zod";
import { lateness, runTime } from "../../domain/run-times.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import type { FlowRun } from "../../store/queries/runs/flow-runs.ts";
import type { FlowRunRow } from "../../store/tables/flow-runs.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { presentCurrentState, stateTypeView, stateView } from "../states/view.ts";

const time = view.timestamp.nullable();
const id = view.uuid.nullable();

const shared = {
  id: view.uuid,
  created: view.timestamp,
  updated: view.timestamp,
  name: view.text,
  flow_id: view.uuid,
  state_id: id,
  deployment_id: id,
  deployment_version: view.text.nullable(),
  work_queue_id: id,
  work_queue_name: view.text.nullable(),
  flow_version: view.text.nullable(),
  parameters: view.document,
  idempotency_key: view.text.nullable(),
  context: view.document,
  empirical_policy: view.document,
  tags: view.json,
  labels: view.document,
  parent_task_run_id: id,
  state_type: stateTypeView.nullable(),
  state_name: view.text.nullable(),
  run_count: view.integer,
  expected_start_time: time,
  next_scheduled_start_time: time,
  start_time: time,
  end_time: time,
  total_run_time: view.number,
  estimated_run_time: view.number,
  estimated_start_time_delta: view.number,
  auto_scheduled: view.flag,
  infrastructure_document_id: id,
  infrastructure_pid: view.text.nullable(),
  created_by: view.document.nullable(),
  state: stateView.nullable(),
  job_variables: view.document.nullable(),
};

/** A run in all responses except those of polls. */
export const flowRunView = z
  .strictObject({ ...shared, work_pool_id: id, work_pool_name: view.text.nullable() })
  .meta({ id: "FlowRunResponse" });

export type FlowRunView = z.input<typeof flowRunView>;

/** A run in the response of a poll: without its state and its pool. */
export const polledFlowRunView = z.strictObject(shared).meta({ id: "FlowRun" });

export function presentFlowRun(run: FlowRun, now: Timestamp): FlowRunView {
  return {
    ...presentRow(run, now),
    // The queue may have been renamed since the run was created.
    work_queue_name: run.queue_name ?? run.work_queue_name,
    state: presentCurrentState(run),
    work_pool_id: run.work_pool_id,
    work_pool_name: run.work_pool_name,
  };
}

export function presentFlowRuns(runs: readonly FlowRun[], now: Timestamp): FlowRunView[] {
  return runs.map((run) => presentFlowRun(run, now));
}

export function presentPolledFlowRun(row: FlowRunRow, now: Timestamp): z.input<typeof polledFlowRunView> {
  return { ...presentRow(row, now), state: null };
}

function presentRow(row: FlowRunRow, now: Timestamp): Omit<z.input<typeof polledFlowRunView>, "state"> {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    flow_id: row.flow_id,
    state_id: row.state_id,
    deployment_id: row.deployment_id,
    deployment_version: row.deployment_version,
    work_queue_id: row.work_queue_id,
    work_queue_name: row.work_queue_name,
    flow_version: row.flow_version,
    parameters: new JsonText(row.parameters),
    idempotency_key: row.idempotency_key,
    context: new JsonText(row.context),
    empirical_policy: new JsonText(row.empirical_policy),
    tags: new JsonText(row.tags),
    labels: new JsonText(row.labels),
    parent_task_run_id: row.parent_task_run_id,
    state_type: row.state_type,
    state_name: row.state_name,
    run_count: row.run_count,
    expected_start_time: row.expected_start_time,
    next_scheduled_start_time: row.next_scheduled_start_time,
    start_time: row.start_time,
    end_time: row.end_time,
    total_run_time: row.total_run_time,
    estimated_run_time: runTime(row, now),
    estimated_start_time_delta: lateness(row, now),
    auto_scheduled: row.auto_scheduled === 1,
    infrastructure_document_id: row.infrastructure_document_id,
    infrastructure_pid: row.infrastructure_pid,
    created_by: row.created_by === null ? null : new JsonText(row.created_by),
    job_variables: row.job_variables === null ? null : new JsonText(row.job_variables),
  };
}
