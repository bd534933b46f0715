import type { RunColumns, StateColumns, StateType } from "../../store/tables/flow-runs.ts";
import { parseJson, toJson } from "../../values/json.ts";
import type { Timestamp } from "../../values/timestamp.ts";

/** Details of a state. Source: prefect/server/schemas/states.py. */
export interface StateDetails {
  flow_run_id: string | null;
  task_run_id: string | null;
  /** Of a task run that stands for a subflow: the subflow's run. */
  child_flow_run_id: string | null;
  scheduled_time: Timestamp | null;
  cache_key: string | null;
  cache_expiration: Timestamp | null;
  deferred: boolean | null;
  untrackable_result: boolean;
  pause_timeout: Timestamp | null;
  /** The pause is a suspension: the process ended, and the run is scheduled anew to go on. */
  pause_reschedule: boolean;
  pause_key: string | null;
  run_input_keyset: Record<string, string> | null;
  refresh_cache: boolean | null;
  retriable: boolean | null;
  /** Chosen by the client; the same when it retries a request. */
  transition_id: string | null;
  task_parameters_id: string | null;
  traceparent: string | null;
  /** The lease on the slot of the deployment's limit that the run holds. */
  deployment_concurrency_lease_id: string | null;
}

/** A state that was requested for a run. */
export interface ProposedState {
  type: StateType;
  name: string;
  timestamp: Timestamp;
  message: string | null;
  /** JSON text; null: none. */
  data: string | null;
  state_details: StateDetails;
}

/** A state that a run has or had. */
export interface State extends ProposedState {
  id: string;
}

export interface NewState {
  type: StateType;
  name?: string | null | undefined;
  message?: string | null | undefined;
  /** Any JSON. */
  data?: unknown;
  state_details?: Partial<StateDetails> | undefined;
}

/** The requested state with defaults filled in. */
export function propose(newState: NewState, now: Timestamp): ProposedState {
  const state_details: StateDetails = { ...NO_DETAILS, ...newState.state_details };
  if (newState.type === "SCHEDULED") state_details.scheduled_time ??= now;
  return {
    type: newState.type,
    name: newState.name ?? defaultName(newState.type),
    timestamp: now,
    message: newState.message ?? null,
    data: newState.data === undefined || newState.data === null ? null : toJson(newState.data),
    state_details,
  };
}

const NO_DETAILS: StateDetails = {
  flow_run_id: null,
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  deferred: false,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  run_input_keyset: null,
  refresh_cache: null,
  retriable: null,
  transition_id: null,
  task_parameters_id: null,
  traceparent: null,
  deployment_concurrency_lease_id: null,
};

function defaultName(type: StateType): string {
  return type.charAt(0) + type.slice(1).toLowerCase();
}

/** The same state with other details. */
export function withDetails<S extends ProposedState>(state: S, details: Partial<StateDetails>): S {
  return { ...state, state_details: { ...state.state_details, ...details } };
}

export const TERMINAL: ReadonlySet<StateType> = new Set(["COMPLETED", "CANCELLED", "FAILED", "CRASHED"]);

export function isTerminal(state: { type: StateType } | null): boolean {
  return state !== null && TERMINAL.has(state.type);
}

/** Whether data (JSON text) refers to a result that outlives the process. */
export function isPersisted(data: string | null): boolean {
  if (data === null || !data.startsWith("{")) return false;
  return (parseJson(data) as { type?: unknown }).type !== "unpersisted";
}

export function readState(row: StateColumns): State {
  const { id, type, name, timestamp, message, data } = row;
  return { id, type, name, timestamp, message, data, state_details: parseJson(row.state_details) };
}

/** The row of a state. Data marked as not persisted is not stored. */
export function writeState(state: State): StateColumns {
  const { id, type, name, timestamp, message, data } = state;
  return {
    id,
    type,
    name,
    timestamp,
    message,
    data: data?.startsWith("{") && !isPersisted(data) ? null : data,
    state_details: toJson(state.state_details),
  };
}

/** The columns of a run that has been joined with its state. */
export interface CurrentState extends Pick<RunColumns, "state_id" | "state_type" | "state_name" | "state_timestamp"> {
  state_message: string | null;
  state_data: string | null;
  state_details: string | null;
}

/** The state a run is in. */
export function stateOf(run: CurrentState): State | null {
  const { state_id, state_type, state_name, state_timestamp, state_details } = run;
  if (state_id === null || state_type === null || state_details === null) return null;
  return {
    id: state_id,
    type: state_type,
    name: state_name as string,
    timestamp: state_timestamp as string,
    message: run.state_message,
    data: run.state_data,
    state_details: parseJson(state_details),
  };
}
