import { flowRunById } from "../../store/queries/runs/flow-runs.ts";
import {
  insertTaskRun,
  insertTaskRunState,
  type TaskRun,
  taskRunById,
  taskRunByKey,
} from "../../store/queries/runs/task-runs.ts";
import type { Db } from "../../store/store.ts";
import type { TaskRunRow } from "../../store/tables/task-runs.ts";
import { parseJson, toJson } from "../../values/json.ts";
import type { Context } from "../context.ts";
import { INITIAL_COLUMNS, runColumnsAfter } from "../orchestration/run-columns.ts";
import { type NewState, propose, type State, withDetails, writeState } from "../orchestration/state.ts";
import { NO_TASK_POLICY, type TaskRunPolicy } from "../orchestration/task-run-transition.ts";
import { runName } from "../run-name.ts";

export interface NewTaskRun {
  id?: string | null | undefined;
  /** Absent: a random one. */
  name?: string | undefined;
  flow_run_id: string | null;
  task_key: string;
  dynamic_key: string;
  state: NewState;
  cache_key?: string | null | undefined;
  cache_expiration?: string | null | undefined;
  task_version?: string | null | undefined;
  empirical_policy?: TaskRunPolicy | undefined;
  tags?: readonly string[] | undefined;
  /** The user's labels; the server's are added. */
  labels?: object | null | undefined;
  task_inputs?: object | undefined;
}

/** Creates a task run in its first state, without rules, inside a `transaction`. An existing run of the task in the flow run with the same
 *  dynamic key is returned instead. Throws: StoreError `reference` for an unknown flow run. */
export async function createTaskRun(
  context: Context,
  tx: Db,
  newRun: NewTaskRun,
): Promise<{ run: TaskRun; created: boolean }> {
  const { ids, clock, changes } = context;
  const key = { flow_run_id: newRun.flow_run_id, task_key: newRun.task_key, dynamic_key: newRun.dynamic_key };
  const known = await taskRunByKey(tx, key);
  if (known !== undefined) return { run: known, created: false };
  const now = clock.now();
  const id = newRun.id ?? ids.uuid7();
  const { flow_run_id } = newRun;
  const state: State = withDetails(
    { ...propose(newRun.state, now), id: ids.uuid7() },
    { flow_run_id, task_run_id: id },
  );
  const row: TaskRunRow = {
    id,
    created: now,
    updated: now,
    name: newRun.name ?? runName(id),
    ...runColumnsAfter(INITIAL_COLUMNS, null, state, false),
    ...key,
    tags: toJson(newRun.tags ?? []),
    labels: toJson(await labelsOf(tx, newRun)),
    empirical_policy: toJson(newRun.empirical_policy ?? NO_TASK_POLICY),
    cache_key: newRun.cache_key ?? null,
    cache_expiration: newRun.cache_expiration ?? null,
    task_version: newRun.task_version ?? null,
    flow_run_run_count: 0,
    task_inputs: toJson(newRun.task_inputs ?? {}),
  };
  if (!(await insertTaskRun(tx, row))) {
    return { run: (await taskRunByKey(tx, key)) as TaskRun, created: false };
  }
  await insertTaskRunState(tx, { ...writeState(state), task_run_id: id });
  changes.report({ kind: "task-run-state", run: row, before: null, after: state });
  return { run: (await taskRunById(tx, id)) as TaskRun, created: true };
}

async function labelsOf(tx: Db, { flow_run_id, labels }: NewTaskRun): Promise<object> {
  if (flow_run_id === null) return { ...labels };
  const flowRun = await flowRunById(tx, flow_run_id);
  return { ...parseJson(flowRun?.labels ?? "{}"), "prefect.flow-run.id": flow_run_id, ...labels };
}
