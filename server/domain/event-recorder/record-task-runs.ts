import {
  existingFlowRuns,
  insertTaskRunStates,
  insertTaskRuns,
  type KnownTaskRun,
  lockTaskRuns,
  lockTaskRunsOfFlowRuns,
} from "../../store/queries/runs/task-run-records.ts";
import { updateTaskRun } from "../../store/queries/runs/task-runs.ts";
import type { Db } from "../../store/store.ts";
import type { TaskRunRow, TaskRunStateRow } from "../../store/tables/task-runs.ts";
import { parseJson, toJson } from "../../values/json.ts";
import { addSeconds, type Timestamp } from "../../values/timestamp.ts";
import { INITIAL_COLUMNS } from "../orchestration/run-columns.ts";
import { NO_TASK_POLICY } from "../orchestration/task-run-transition.ts";
import type { TaskRunRecord } from "./task-run-event.ts";

/** Another process may insert the same run at the same time: then it is found at the next attempt. */
const LOOKS = 3;

/** Writes the task runs that clients report, inside a write. Reports may come in any order: every state is stored, and the run has the latest
 *  one. Task runs of deleted flow runs are left out. */
export async function recordTaskRuns(tx: Db, records: readonly TaskRunRecord[], now: Timestamp): Promise<void> {
  const accepted = await ofExistingFlowRuns(tx, records);
  const ids = await writeRuns(tx, accepted, now);
  await writeStates(
    tx,
    accepted.flatMap(({ state, id }) => {
      const run = ids.get(id);
      return run === undefined ? [] : [ofRun(state, run)];
    }),
  );
}

async function ofExistingFlowRuns(tx: Db, records: readonly TaskRunRecord[]): Promise<TaskRunRecord[]> {
  const named = [...new Set(records.flatMap(({ flowRunId }) => flowRunId ?? []))];
  const existing = named.length === 0 ? new Set<string>() : await existingFlowRuns(tx, named);
  return records.filter(({ flowRunId }) => flowRunId === null || existing.has(flowRunId));
}

/** Returns the stored id of each reported id: the same task of a flow run may be reported under several ids. */
async function writeRuns(
  tx: Db,
  records: readonly TaskRunRecord[],
  now: Timestamp,
): Promise<ReadonlyMap<string, string>> {
  const latest = new Map<string, TaskRunRecord>();
  const firstIds = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const record of [...records].sort((a, b) => (a.state.timestamp < b.state.timestamp ? -1 : 1))) {
    const key = keyOf(record);
    const first = firstIds.get(key) ?? ids.get(record.id) ?? record.id;
    firstIds.set(key, first);
    ids.set(record.id, first);
    latest.set(first, record);
  }
  let left = latest;
  for (let look = 0; left.size > 0 && look < LOOKS; look++) {
    const known = await lookUp(tx, left);
    const missing = new Map<string, TaskRunRecord>();
    for (const [id, record] of left) {
      const run = known(id, record);
      if (run === undefined) missing.set(id, record);
      else {
        for (const [reported, canonical] of ids) if (canonical === id) ids.set(reported, run.id);
        await update(tx, run, record, now);
      }
    }
    const inserted = await insertTaskRuns(
      tx,
      [...missing].map(([id, record]) => newRow(id, record, now)),
    );
    left = new Map([...missing].filter(([id]) => !inserted.has(id)));
  }
  return ids;
}

/** A task run without a flow run has no other key than its id. */
function keyOf({ id, flowRunId, taskKey, dynamicKey }: TaskRunRecord): string {
  return flowRunId === null ? id : toJson([flowRunId, taskKey, dynamicKey]);
}

type LookUp = (id: string, record: TaskRunRecord) => KnownTaskRun | undefined;

async function lookUp(tx: Db, records: ReadonlyMap<string, TaskRunRecord>): Promise<LookUp> {
  const byId = new Map((await lockTaskRuns(tx, [...records.keys()])).map((run) => [run.id, run]));
  const others = [...records]
    .filter(([id, { flowRunId }]) => flowRunId !== null && !byId.has(id))
    .map(([, one]) => one);
  const rows =
    others.length === 0
      ? []
      : await lockTaskRunsOfFlowRuns(
          tx,
          others.map(({ flowRunId }) => flowRunId as string),
          others.map(({ dynamicKey }) => dynamicKey),
        );
  const byKey = new Map(rows.map((run) => [toJson([run.flow_run_id, run.task_key, run.dynamic_key]), run]));
  return (id, record) => byId.get(id) ?? byKey.get(keyOf(record));
}

async function update(tx: Db, run: KnownTaskRun, { columns, state }: TaskRunRecord, now: Timestamp): Promise<void> {
  if (run.state_timestamp !== null && run.state_timestamp >= state.timestamp) return;
  await updateTaskRun(tx, run.id, { ...columns, ...stateColumns(state), updated: now });
}

function newRow(
  id: string,
  { flowRunId, taskKey, dynamicKey, columns, state }: TaskRunRecord,
  now: Timestamp,
): TaskRunRow {
  return {
    id,
    created: now,
    updated: now,
    name: id,
    ...INITIAL_COLUMNS,
    tags: "[]",
    labels: "{}",
    empirical_policy: toJson(NO_TASK_POLICY),
    flow_run_id: flowRunId,
    task_key: taskKey,
    dynamic_key: dynamicKey,
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    flow_run_run_count: 0,
    task_inputs: "{}",
    ...columns,
    ...stateColumns(state),
  };
}

function stateColumns({ id, type, name, timestamp }: TaskRunStateRow) {
  return { state_id: id, state_type: type, state_name: name, state_timestamp: timestamp };
}

function ofRun(state: TaskRunStateRow, run: string): TaskRunStateRow {
  if (state.task_run_id === run) return state;
  const details = { ...(parseJson(state.state_details) as object), task_run_id: run };
  return { ...state, task_run_id: run, state_details: toJson(details) };
}

/** A run's states have distinct timestamps: one of the same microsecond is moved just after. */
async function writeStates(tx: Db, states: readonly TaskRunStateRow[]): Promise<void> {
  let left = states;
  for (let attempt = 0; left.length > 0 && attempt < 10; attempt++) {
    const inserted = await insertTaskRunStates(tx, left);
    left = left
      .filter((state) => !inserted.has(state.id))
      .map((state) => ({ ...state, timestamp: addSeconds(state.timestamp, 1e-6) }));
  }
}
