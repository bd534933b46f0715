import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { graphOf } from "../../domain/flow-runs/run-graph.ts";
import { runTime } from "../../domain/run-times.ts";
import { timestamp } from "../../http/request/request-types.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { artifactsOfFlowRun, type GraphArtifact } from "../../store/queries/artifacts.ts";
import { type FlowRun, flowRunById } from "../../store/queries/runs/flow-runs.ts";
import { graphRows } from "../../store/queries/runs/run-graph.ts";
import { statesOfFlowRun } from "../../store/queries/runs/run-states.ts";
import { listTaskRuns } from "../../store/queries/runs/task-run-lists.ts";
import type { Db } from "../../store/store.ts";
import { parseJson } from "../../values/json.ts";
import { presentCurrentState, stateTypeView, stateView } from "../states/view.ts";

const MAX_NODES = 10_000;
const MAX_ARTIFACTS = 10_000;

const edges = z.array(z.strictObject({ id: view.uuid }));

const artifact = z
  .strictObject({
    id: view.uuid,
    created: view.timestamp,
    key: view.text.nullable(),
    type: view.text.nullable(),
    is_latest: view.flag,
    data: view.json,
  })
  .meta({ id: "GraphArtifact" });

const node = z
  .strictObject({
    kind: z.enum(["flow-run", "task-run"]),
    id: view.uuid,
    label: view.text,
    state_type: stateTypeView,
    start_time: view.timestamp,
    end_time: view.timestamp.nullable(),
    parents: edges,
    children: edges,
    encapsulating: edges,
    artifacts: z.array(artifact),
  })
  .meta({ id: "Node" });

const graphView = z
  .strictObject({
    start_time: view.timestamp.nullable(),
    end_time: view.timestamp.nullable(),
    root_node_ids: z.array(view.uuid),
    nodes: z.array(z.tuple([view.uuid, node])),
    artifacts: z.array(artifact),
    states: z.array(z.strictObject({ id: view.uuid, timestamp: view.timestamp, type: stateTypeView, name: view.text })),
  })
  .meta({ id: "Graph" });

const dependencyView = z
  .strictObject({
    id: view.uuid,
    name: view.text,
    upstream_dependencies: z.array(view.json),
    state: stateView.nullable(),
    expected_start_time: view.timestamp.nullable(),
    start_time: view.timestamp.nullable(),
    end_time: view.timestamp.nullable(),
    total_run_time: view.number.nullable(),
    estimated_run_time: view.number.nullable(),
    untrackable_result: view.flag,
  })
  .meta({ id: "DependencyResult" });

export const graphRoutes = [
  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}/graph-v2",
    summary: "Read Flow Run Graph V2",
    query: z.object({ since: timestamp().optional() }),
    responses: { 200: graphView },
    async handle({ params, query }, { store }) {
      const run = await findRun(store.db, params.id, `Flow run ${params.id} not found`);
      const { nodes, roots } = graphOf(await graphRows(store.db, run.id), query.since ?? null);
      if (nodes.length > MAX_NODES) {
        throw new ApiError("bad_request", `The graph of flow run ${run.id} has more than ${MAX_NODES} nodes.`);
      }
      const states = await statesOfFlowRun(store.db, run.id);
      const artifacts = await artifactsOfFlowRun(store.db, run.id, MAX_ARTIFACTS);
      const byTaskRun = Map.groupBy(artifacts, (artifact) => artifact.task_run_id);
      const artifactsOf = (taskRunId: string | null) => (byTaskRun.get(taskRunId) ?? []).map(presentGraphArtifact);
      return {
        status: 200,
        body: {
          start_time: run.start_time ?? run.expected_start_time,
          end_time: run.end_time,
          root_node_ids: roots,
          nodes: nodes.map((one): [string, z.input<typeof node>] => [
            one.id,
            { ...one, artifacts: artifactsOf(one.id) },
          ]),
          artifacts: artifactsOf(null),
          states: states.map(({ id, timestamp, type, name }) => ({ id, timestamp, type, name })),
        },
      };
    },
  }),
  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}/graph",
    summary: "Read Flow Run Graph V1",
    responses: { 200: z.array(dependencyView) },
    async handle({ params }, { store, clock }) {
      const run = await findRun(store.db, params.id, `Flow run with id ${params.id} not found`);
      const filters = { task_runs: { flow_run_id: { any_: [run.id] } } };
      const taskRuns = await listTaskRuns(store.db, filters, "ID_DESC", { limit: MAX_NODES, offset: 0 });
      const now = clock.now();
      return {
        status: 200,
        body: taskRuns.map((run) => ({
          id: run.id,
          name: run.name,
          upstream_dependencies: Object.values(parseJson(run.task_inputs) as Record<string, unknown[]>).flat(),
          state: presentCurrentState(run),
          expected_start_time: run.expected_start_time,
          start_time: run.start_time,
          end_time: run.end_time,
          total_run_time: run.total_run_time,
          estimated_run_time: runTime(run, now),
          untrackable_result: run.state_details !== null && parseJson(run.state_details).untrackable_result === true,
        })),
      };
    },
  }),
];

/** Data is shown only of progress artifacts. */
function presentGraphArtifact({
  id,
  created,
  key,
  type,
  data,
  collection_id,
}: GraphArtifact): z.input<typeof artifact> {
  const is_latest = key === null || collection_id !== null;
  return { id, created, key, type, is_latest, data: type === "progress" && data !== null ? new JsonText(data) : null };
}

async function findRun(db: Db, id: string, message: string): Promise<FlowRun> {
  const run = await flowRunById(db, id);
  if (run === undefined) throw new ApiError("object_not_found", message);
  return run;
}
