import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { fill, type Interval, intervals } from "../../domain/run-history.ts";
import { type Fields, members } from "../../http/request/body.ts";
import { float, timestamp } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { type RunTimes, timesOfFlowRuns } from "../../store/queries/runs/flow-run-lists.ts";
import { timesOfTaskRuns } from "../../store/queries/runs/task-run-lists.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { relatedFilters, workQueueFilter } from "../filters.ts";
import { stateTypeView } from "../states/view.ts";

const historyMembers = {
  history_start: timestamp(),
  history_end: timestamp(),
  history_interval_seconds: float(),
};

const historyView = z.array(
  z
    .strictObject({
      interval_start: view.timestamp,
      interval_end: view.timestamp,
      states: z.array(
        z.strictObject({
          state_type: stateTypeView,
          state_name: view.text,
          count_runs: view.integer,
          sum_estimated_run_time: view.number,
          sum_estimated_lateness: view.number,
        }),
      ),
    })
    .meta({ id: "HistoryResponse" }),
);

const { work_pool_queues: _, ...filters } = relatedFilters;
const { work_pools: __, ...taskRunFilters } = filters;

type HistoryRequest = Fields<typeof historyMembers>;

async function history(
  { history_start, history_end, history_interval_seconds: seconds }: HistoryRequest,
  now: Timestamp,
  read: (span: { from: Timestamp; before: Timestamp }) => Promise<RunTimes[]>,
): Promise<Interval[]> {
  if (seconds < 1) throw new ApiError("unprocessable", "History interval must not be less than 1 second.");
  const list = intervals(history_start, history_end, seconds);
  const last = list.at(-1);
  if (last === undefined) return [];
  return fill(list, seconds, await read({ from: history_start, before: last.interval_end }), now);
}

export const historyRoutes = [
  route({
    method: "POST",
    path: "/flow_runs/history",
    summary: "Flow Run History",
    body: members({ ...historyMembers, ...filters, work_queues: workQueueFilter.optional() }),
    responses: { 200: historyView },
    async handle({ body }, { store, clock }) {
      const { flows, flow_runs, task_runs, deployments, work_pools, work_queues: work_pool_queues } = body;
      const related = { flows, flow_runs, task_runs, deployments, work_pools, work_pool_queues };
      const read = (span: { from: Timestamp; before: Timestamp }) => timesOfFlowRuns(store.db, related, span);
      return { status: 200, body: await history(body, clock.now(), read) };
    },
  }),
  route({
    method: "POST",
    path: "/task_runs/history",
    summary: "Task Run History",
    body: members({ ...historyMembers, ...taskRunFilters }),
    responses: { 200: historyView },
    async handle({ body }, { store, clock }) {
      const { flows, flow_runs, task_runs, deployments } = body;
      const related = { flows, flow_runs, task_runs, deployments };
      const read = (span: { from: Timestamp; before: Timestamp }) => timesOfTaskRuns(store.db, related, span);
      return { status: 200, body: await history(body, clock.now(), read) };
    },
  }),
];
