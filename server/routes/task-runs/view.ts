import { z } from "zod";
import { lateness, runTime } from "../../domain/run-times.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import type { TaskRun } from "../../store/queries/runs/task-runs.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { presentCurrentState, stateTypeView, stateView } from "../states/view.ts";

const time = view.timestamp.nullable();
const id = view.uuid.nullable();

export const taskRunView = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    updated: view.timestamp,
    name: view.text,
    flow_run_id: id,
    task_key: view.text,
    dynamic_key: view.text,
    cache_key: view.text.nullable(),
    cache_expiration: time,
    task_version: view.text.nullable(),
    empirical_policy: view.document,
    tags: view.json,
    labels: view.document,
    state_id: id,
    task_inputs: view.document,
    state_type: stateTypeView.nullable(),
    state_name: view.text.nullable(),
    run_count: view.integer,
    flow_run_run_count: view.integer,
    expected_start_time: time,
    next_scheduled_start_time: time,
    start_time: time,
    end_time: time,
    total_run_time: view.number,
    estimated_run_time: view.number,
    estimated_start_time_delta: view.number,
    state: stateView.nullable(),
  })
  .meta({ id: "TaskRun" });

/** A run in `/paginate`. */
export const pagedTaskRunView = z
  .strictObject({
    ...taskRunView.pick({
      id: true,
      created: true,
      updated: true,
      name: true,
      flow_run_id: true,
      task_key: true,
      state_id: true,
      state: true,
      task_version: true,
      task_inputs: true,
      empirical_policy: true,
      tags: true,
      start_time: true,
      end_time: true,
      total_run_time: true,
      estimated_run_time: true,
      estimated_start_time_delta: true,
    }).shape,
  })
  .meta({ id: "TaskRunResponse" });

export function presentPagedTaskRun(run: TaskRun, now: Timestamp): z.input<typeof pagedTaskRunView> {
  const { dynamic_key, cache_key, cache_expiration, labels, ...shorter } = presentTaskRun(run, now);
  const { state_type, state_name, run_count, flow_run_run_count, ...rest } = shorter;
  const { expected_start_time, next_scheduled_start_time, ...paged } = rest;
  return paged;
}

export function presentTaskRun(run: TaskRun, now: Timestamp): z.input<typeof taskRunView> {
  return {
    id: run.id,
    created: run.created,
    updated: run.updated,
    name: run.name,
    flow_run_id: run.flow_run_id,
    task_key: run.task_key,
    dynamic_key: run.dynamic_key,
    cache_key: run.cache_key,
    cache_expiration: run.cache_expiration,
    task_version: run.task_version,
    empirical_policy: new JsonText(run.empirical_policy),
    tags: new JsonText(run.tags),
    labels: new JsonText(run.labels),
    state_id: run.state_id,
    task_inputs: new JsonText(run.task_inputs),
    state_type: run.state_type,
    state_name: run.state_name,
    run_count: run.run_count,
    flow_run_run_count: run.flow_run_run_count,
    expected_start_time: run.expected_start_time,
    next_scheduled_start_time: run.next_scheduled_start_time,
    start_time: run.start_time,
    end_time: run.end_time,
    total_run_time: run.total_run_time,
    estimated_run_time: runTime(run, now),
    estimated_start_time_delta: lateness(run, now),
    state: presentCurrentState(run),
  };
}
