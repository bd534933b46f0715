import { z } from "zod";
import { scheduleDeployment } from "../../domain/deployments/schedule-runs.ts";
import { noteServed } from "../../domain/deployments/serve.ts";
import { readLimit } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { float, integer, timestamp, uuid } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { listFlowRuns } from "../../store/queries/runs/flow-run-lists.ts";
import { flowRunView, presentFlowRun } from "../flow-runs/view.ts";

/** What a process asks again and again that serves its deployments itself. No limits are looked at here: they count when a run becomes
 *  PENDING. */
export const getScheduledRunsRoute = route({
  method: "POST",
  path: "/deployments/get_scheduled_flow_runs",
  summary: "Get Scheduled Flow Runs For Deployments",
  body: members({
    deployment_ids: z.array(uuid()),
    scheduled_before: timestamp().optional(),
    limit: integer().optional(),
  }),
  responses: { 200: z.array(flowRunView) },
  async handle({ body }, context) {
    const { store, config, clock } = context;
    const filter = {
      deployment_id: { any_: body.deployment_ids },
      next_scheduled_start_time: { before_: body.scheduled_before },
      state: { type: { any_: ["SCHEDULED"] } },
    };
    const page = { limit: readLimit(body.limit, config), offset: 0 };
    const runs = await listFlowRuns(store.db, { flow_runs: filter }, "NEXT_SCHEDULED_START_TIME_ASC", page);
    noteServed(context, body.deployment_ids);
    const now = clock.now();
    return { status: 200, body: runs.map((run) => presentFlowRun(run, now)) };
  },
});

export const scheduleDeploymentRoute = route({
  method: "POST",
  path: "/deployments/{id:uuid}/schedule",
  summary: "Schedule Deployment",
  body: members({
    start_time: timestamp().optional(),
    end_time: timestamp().optional(),
    min_time: float().optional(),
    min_runs: integer().optional(),
    max_runs: integer().optional(),
  }),
  responses: { 200: view.json },
  async handle({ params, body }, context) {
    await scheduleDeployment(context, params.id, {
      from: body.start_time,
      until: body.end_time,
      minSeconds: body.min_time,
      minRuns: body.min_runs,
      maxRuns: body.max_runs,
    });
    return { status: 200, body: null };
  },
});
