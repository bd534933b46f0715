import type { Db } from "../../store.ts";
import type { StateType } from "../../tables/flow-runs.ts";

/** A task run in a flow run's graph, and the flow run that it stands for, if any. */
export interface GraphRow {
  id: string;
  name: string;
  state_type: StateType | null;
  start_time: string | null;
  expected_start_time: string | null;
  end_time: string | null;
  /** JSON object: what each parameter came from. */
  task_inputs: string;
  flow_name: string | null;
  subflow_id: string | null;
  subflow_name: string | null;
  subflow_state_type: StateType | null;
  subflow_start_time: string | null;
  subflow_expected_start_time: string | null;
  subflow_end_time: string | null;
}

export async function graphRows(db: Db, flowRunId: string): Promise<GraphRow[]> {
  return db
    .selectFrom("task_run")
    .leftJoin("flow_run as subflow", "subflow.parent_task_run_id", "task_run.id")
    .leftJoin("flow", "flow.id", "subflow.flow_id")
    .select([
      "task_run.id",
      "task_run.name",
      "task_run.state_type",
      "task_run.start_time",
      "task_run.expected_start_time",
      "task_run.end_time",
      "task_run.task_inputs",
      "flow.name as flow_name",
      "subflow.id as subflow_id",
      "subflow.name as subflow_name",
      "subflow.state_type as subflow_state_type",
      "subflow.start_time as subflow_start_time",
      "subflow.expected_start_time as subflow_expected_start_time",
      "subflow.end_time as subflow_end_time",
    ])
    .where("task_run.flow_run_id", "=", flowRunId)
    .execute();
}
