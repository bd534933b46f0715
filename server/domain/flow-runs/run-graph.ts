import type { GraphRow } from "../../store/queries/runs/run-graph.ts";
import type { StateType } from "../../store/tables/flow-runs.ts";
import { parseJson } from "../../values/json.ts";
import type { Timestamp } from "../../values/timestamp.ts";

/** A flow run's graph: its task runs and subflows, and which used the results of which. Pure.
 *  Source: prefect/server/database/query_components.py, flow_run_graph_v2. */

export interface GraphNode {
  kind: "flow-run" | "task-run";
  id: string;
  label: string;
  state_type: StateType;
  start_time: Timestamp;
  end_time: Timestamp | null;
  parents: { id: string }[];
  children: { id: string }[];
  encapsulating: { id: string }[];
}

/** Nodes sorted by start. `since`: without those that ended before. */
export function graphOf(rows: readonly GraphRow[], since: Timestamp | null): { nodes: GraphNode[]; roots: string[] } {
  const nodes = new Map<string, GraphNode>();
  const started = rows.flatMap((row) => {
    const node = nodeOf(row);
    if (node !== undefined) nodes.set(node.id, node);
    return node === undefined ? [] : [{ node, row }];
  });
  for (const { node, row } of started) {
    const callers = new Set<string>();
    for (const [parameter, inputs] of Object.entries(parseJson(row.task_inputs) as Record<string, { id?: string }[]>)) {
      for (const { id } of inputs) {
        const source = id === undefined ? undefined : nodes.get(id);
        if (source === undefined) continue;
        if (parameter === "__parents__") callers.add(source.id);
        else {
          node.parents.push({ id: source.id });
          source.children.push({ id: node.id });
        }
      }
    }
    node.encapsulating = [...callers].map((id) => ({ id }));
  }
  const shown = [...nodes.values()]
    .filter((node) => node.end_time === null || since === null || node.end_time >= since)
    .sort((a, b) => compare(a.start_time, b.start_time) || compare(a.end_time ?? "", b.end_time ?? ""));
  return { nodes: shown, roots: shown.filter((node) => node.parents.length === 0).map((node) => node.id) };
}

function nodeOf(row: GraphRow): GraphNode | undefined {
  const start = row.subflow_start_time ?? row.subflow_expected_start_time ?? row.start_time ?? row.expected_start_time;
  const state_type = row.subflow_state_type ?? row.state_type;
  if (start === null || state_type === null) return undefined;
  const isSubflow = row.subflow_id !== null;
  return {
    kind: isSubflow ? "flow-run" : "task-run",
    id: row.subflow_id ?? row.id,
    label: isSubflow ? `${row.flow_name} / ${row.subflow_name}` : row.name,
    state_type,
    start_time: start,
    end_time: row.subflow_end_time ?? row.end_time ?? (row.state_type === "COMPLETED" ? row.expected_start_time : null),
    parents: [],
    children: [],
    encapsulating: [],
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
