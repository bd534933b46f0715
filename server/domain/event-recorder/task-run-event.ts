import { STATE_TYPES } from "../../store/tables/flow-runs.ts";
import type { TaskRunRow, TaskRunStateRow } from "../../store/tables/task-runs.ts";
import { toJson } from "../../values/json.ts";
import { parseTimestamp, type Timestamp } from "../../values/timestamp.ts";
import { normalizeUuid } from "../../values/uuid.ts";
import { type Event, relatedInRole, resourceId } from "../events/event.ts";
import { propose, type StateDetails, writeState } from "../orchestration/state.ts";
import { NO_TASK_POLICY } from "../orchestration/task-run-transition.ts";
import { runName } from "../run-name.ts";

/** A task run's state as its client reported it in an event, and the columns of the run in that event. */
export interface TaskRunRecord {
  id: string;
  flowRunId: string | null;
  taskKey: string;
  dynamicKey: string;
  /** Only the columns that are in the event. */
  columns: Partial<TaskRunRow>;
  state: TaskRunStateRow;
}

/** Whether an event is a client's report of a task run's state: clients of Prefect 3 create task runs only by these events. */
export function isTaskRunReport(event: Event): boolean {
  return event.event.startsWith("prefect.task-run") && event.resource["prefect.orchestration"] === "client";
}

/** Parses such a report. Its id is the state's. `undefined`: incomplete. Source:
 *  prefect/server/services/task_run_recorder.py. */
export function readTaskRunReport(event: Event): TaskRunRecord | undefined {
  const id = objectId("prefect.task-run", resourceId(event.resource));
  const flowRun = relatedInRole(event, "flow-run");
  const flowRunId = flowRun === undefined ? null : objectId("prefect.flow-run", resourceId(flowRun));
  const run = asObject(event.payload.task_run);
  const reportedState = asObject(event.payload.validated_state);
  if (id === undefined || flowRunId === undefined || run === undefined || reportedState === undefined) return undefined;
  const type = STATE_TYPES.find((known) => known === reportedState.type);
  const taskKey = asText(run.task_key);
  const dynamicKey = asText(run.dynamic_key);
  if (type === undefined || taskKey === undefined || dynamicKey === undefined) return undefined;
  const details = readDetails(asObject(reportedState.state_details) ?? {});
  const proposed = propose(
    {
      type,
      name: asText(reportedState.name),
      message: asText(reportedState.message),
      data: reportedState.data,
      state_details: { ...details, task_run_id: id, flow_run_id: flowRunId },
    },
    event.occurred,
  );
  return {
    id,
    flowRunId,
    taskKey,
    dynamicKey,
    columns: readColumns(run, id),
    state: { ...writeState({ ...proposed, id: event.id }), task_run_id: id },
  };
}

function readColumns(run: Record<string, unknown>, id: string): Partial<TaskRunRow> {
  const policy = asObject(run.empirical_policy);
  const columns: { [K in keyof TaskRunRow]?: TaskRunRow[K] | undefined } = {
    name: asText(run.name) ?? runName(id),
    empirical_policy: policy && toJson({ ...NO_TASK_POLICY, ...policy }),
    tags: Array.isArray(run.tags) ? toJson(run.tags.map(asText)) : undefined,
    labels: json(asObject(run.labels)),
    task_inputs: json(asObject(run.task_inputs)),
    run_count: asInteger(run.run_count),
    flow_run_run_count: asInteger(run.flow_run_run_count),
    total_run_time: asNumber(run.total_run_time),
    cache_key: orNull(asText, run.cache_key),
    task_version: orNull(asText, run.task_version),
    cache_expiration: orNull(asMoment, run.cache_expiration),
    expected_start_time: orNull(asMoment, run.expected_start_time),
    next_scheduled_start_time: orNull(asMoment, run.next_scheduled_start_time),
    start_time: orNull(asMoment, run.start_time),
    end_time: orNull(asMoment, run.end_time),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

/** The known details; others are left out. */
function readDetails(reported: Record<string, unknown>): Partial<StateDetails> {
  const details: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(DETAILS)) {
    const value = Object.hasOwn(reported, name) ? read(reported[name]) : undefined;
    if (value !== undefined) details[name] = value;
  }
  return details as Partial<StateDetails>;
}

const DETAILS: Partial<Record<keyof StateDetails, (value: unknown) => unknown>> = {
  child_flow_run_id: asText,
  scheduled_time: asMoment,
  cache_key: asText,
  cache_expiration: asMoment,
  deferred: asFlag,
  untrackable_result: asFlag,
  pause_timeout: asMoment,
  pause_reschedule: asFlag,
  pause_key: asText,
  run_input_keyset: asObject,
  refresh_cache: asFlag,
  retriable: asFlag,
  transition_id: asText,
  task_parameters_id: asText,
  traceparent: asText,
};

function objectId(kind: string, resource: string): string | undefined {
  return resource.startsWith(`${kind}.`) ? normalizeUuid(resource.slice(kind.length + 1)) : undefined;
}

function asText(value: unknown): string | undefined {
  // Characters that a database can't store are dropped rather than the whole report.
  return typeof value === "string" ? value.replaceAll("\u0000", "").toWellFormed() : undefined;
}

function asMoment(value: unknown): Timestamp | undefined {
  return typeof value === "string" ? parseTimestamp(value) : undefined;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function asInteger(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function asFlag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** Null is a value; absent is none. */
function orNull<T>(read: (value: unknown) => T | undefined, value: unknown): T | null | undefined {
  return value === null ? null : read(value);
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function json(value: object | undefined): string | undefined {
  return value && toJson(value);
}
