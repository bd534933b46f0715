import { flowRunById } from "../../store/queries/runs/flow-runs.ts";
import {
  cachedState,
  cacheState,
  insertTaskRunState,
  lockTaskRun,
  type TaskRun,
  updateTaskRun,
} from "../../store/queries/runs/task-runs.ts";
import type { Db } from "../../store/store.ts";
import { parseJson } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import { takeTagSlots } from "../concurrency-limits/tag-limits.ts";
import type { Context } from "../context.ts";
import { decide, type Outcome } from "../orchestration/decide.ts";
import { runColumnsAfter, withLaterTimestamp } from "../orchestration/run-columns.ts";
import {
  type NewState,
  type ProposedState,
  propose,
  readState,
  type State,
  stateOf,
  withDetails,
  writeState,
} from "../orchestration/state.ts";
import { backgroundTaskPolicy, coreTaskPolicy } from "../orchestration/task-run-policies.ts";
import type { TaskRunPolicy, TaskRunTransition } from "../orchestration/task-run-transition.ts";
import { lockTagLimitsOf, returnTagSlotsOf, tagSlots } from "./tag-slots.ts";

const LONGEST_CACHE_KEY = 2000;

/** Sets a task run's state if the rules accept it, inside a `transaction`. Throws: ApiError `object_not_found`. */
export async function setTaskRunState(
  context: Context,
  tx: Db,
  id: string,
  request: { state: NewState; force?: boolean },
): Promise<Outcome> {
  const run = await lockTaskRun(tx, id);
  if (run === undefined) throw new ApiError("object_not_found", `Task run with id ${id} not found`);
  const now = context.clock.now();
  const current = stateOf(run);
  const proposed = propose(request.state, now);
  const rules = proposed.state_details.deferred ? backgroundTaskPolicy : request.force ? [] : coreTaskPolicy;
  const starts = proposed.type === "RUNNING" && rules.length > 0;
  const limits = starts && rules === coreTaskPolicy ? await lockTagLimitsOf(tx, run) : [];
  const decision = decide<TaskRunTransition>(rules, {
    run,
    policy: parseJson(run.empirical_policy) as TaskRunPolicy,
    current,
    proposed,
    flowRun: starts ? await flowRunFacts(tx, run.flow_run_id) : null,
    cached: starts ? await cachedFor(tx, proposed) : null,
    tags: tagSlots(limits, now),
    random: Math.random,
    now,
  });
  const { status, reason, delaySeconds } = decision;
  if (decision.state === null) return { status, reason, delaySeconds, state: current, changed: false };
  if (status === "ACCEPT") {
    const full = await takeTagSlots(context, tx, limits, id);
    if (full !== undefined) throw new Error(`a slot of ${full.name} was counted as free and is not`);
  }
  const { run_count, flow_run_run_count } = decision.transition.run;
  const state = await write(context, tx, { ...run, run_count, flow_run_run_count }, current, decision.state);
  return { status, reason, delaySeconds, state, changed: true };
}

/** Sets the subflow's state for the task run that stands for it. */
export async function followSubflow(
  context: Context,
  tx: Db,
  taskRunId: string,
  flowRunId: string,
  state: State,
): Promise<void> {
  const run = await lockTaskRun(tx, taskRunId);
  if (run === undefined) return;
  const same = withDetails({ ...state, timestamp: context.clock.now() }, { child_flow_run_id: flowRunId });
  await write(context, tx, run, stateOf(run), same);
}

/** Writes an accepted state, and everything that follows from it. */
async function write(
  context: Context,
  tx: Db,
  run: TaskRun,
  current: State | null,
  decided: ProposedState,
): Promise<State> {
  const { flow_run_id, id: task_run_id } = run;
  const state = withLaterTimestamp(
    withDetails({ ...decided, id: context.ids.uuid7() }, { flow_run_id, task_run_id }),
    current,
  );
  const row = { ...writeState(state), task_run_id };
  const changes = {
    updated: context.clock.now(),
    ...runColumnsAfter(run, current, state, false),
    flow_run_run_count: run.flow_run_run_count,
  };
  await updateTaskRun(tx, task_run_id, changes);
  await insertTaskRunState(tx, row);
  if (state.type !== "RUNNING" && state.type !== "CANCELLING") await returnTagSlotsOf(context, tx, run);
  await keepInCache(tx, state);
  context.changes.report({ kind: "task-run-state", run: { ...run, ...changes }, before: current, after: state });
  return state;
}

async function flowRunFacts(tx: Db, id: string | null): Promise<TaskRunTransition["flowRun"]> {
  const run = id === null ? undefined : await flowRunById(tx, id);
  return run === undefined ? null : { id: run.id, state: stateOf(run), run_count: run.run_count };
}

async function cachedFor(tx: Db, proposed: ProposedState): Promise<State | null> {
  const { cache_key, refresh_cache } = proposed.state_details;
  if (!cache_key || refresh_cache) return null;
  const row = await cachedState(tx, cache_key, proposed.timestamp);
  return row === undefined ? null : readState(row);
}

async function keepInCache(tx: Db, state: State): Promise<void> {
  const { cache_key, cache_expiration } = state.state_details;
  if (state.type !== "COMPLETED" || !cache_key || cache_key.length > LONGEST_CACHE_KEY) return;
  await cacheState(tx, { task_run_state_id: state.id, created: state.timestamp, cache_key, cache_expiration });
}
