import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { pollPool, pollQueue } from "../../domain/flow-runs/poll.ts";
import { notePoll } from "../../domain/work-pools/polls.ts";
import { findWorkPool } from "../../domain/work-pools/work-pools.ts";
import { readLimit } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { integer, text, timestamp } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { workQueueById } from "../../store/queries/work-pools/work-queues.ts";
import { flowRunView, polledFlowRunView, presentFlowRun, presentPolledFlowRun } from "../flow-runs/view.ts";

const withoutPool = { queue_name: null, work_pool_id: null, work_pool_name: null };

const asked = { limit: integer().optional(), scheduled_before: timestamp().optional() };

export const pollingRoutes = [
  route({
    method: "POST",
    path: "/work_pools/{name}/get_scheduled_flow_runs",
    summary: "Get Scheduled Flow Runs",
    body: members({ ...asked, scheduled_after: timestamp().optional(), work_queue_names: z.array(text()).optional() }),
    responses: {
      200: z.array(
        z
          .strictObject({ work_pool_id: view.uuid, work_queue_id: view.uuid, flow_run: polledFlowRunView })
          .meta({ id: "WorkerFlowRunResponse" }),
      ),
    },
    async handle({ params, body }, context) {
      const { store, config, clock } = context;
      const most = readLimit(body.limit, config);
      const pool = await findWorkPool(store.db, params.name);
      const due = { after: body.scheduled_after ?? null, before: body.scheduled_before ?? null };
      const { runs, queues } = await pollPool(store.db, pool, { queueNames: body.work_queue_names ?? [], due, most });
      notePoll(context, queues);
      const now = clock.now();
      return {
        status: 200,
        body: runs.map((run) => ({
          work_pool_id: pool.id,
          work_queue_id: run.work_queue_id as string,
          flow_run: presentPolledFlowRun(run, now),
        })),
      };
    },
  }),
  route({
    method: "POST",
    path: "/work_queues/{id:uuid}/get_runs",
    summary: "Read Work Queue Runs",
    body: members(asked),
    responses: { 200: z.array(flowRunView) },
    async handle({ params, body, headers }, context) {
      const { store, config, clock } = context;
      const most = readLimit(body.limit, config);
      const queue = await workQueueById(store.db, params.id);
      if (queue === undefined) throw new ApiError("object_not_found", `Work queue with id ${params.id} not found.`);
      const due = { after: null, before: body.scheduled_before ?? null };
      const runs = await pollQueue(store.db, queue, due, most);
      // Upstream's user interface looks without being a worker.
      if (headers["x-prefect-ui"] !== "true") notePoll(context, [queue]);
      const now = clock.now();
      // This route shows runs without their pool.
      return { status: 200, body: runs.map((run) => presentFlowRun({ ...run, ...withoutPool }, now)) };
    },
  }),
];
