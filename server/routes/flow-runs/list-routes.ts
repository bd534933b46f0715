import { z } from "zod";
import { removeFlowRuns } from "../../domain/flow-runs/remove.ts";
import { lateness } from "../../domain/run-times.ts";
import { members } from "../../http/request/body.ts";
import { integer, oneOf } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { countFlowRuns, listFlowRuns, timesOfFlowRuns } from "../../store/queries/runs/flow-run-lists.ts";
import { flowRunFilter, relatedFilters } from "../filters.ts";
import { listRoutes } from "../list-routes.ts";
import { flowRunView, presentFlowRuns } from "./view.ts";

/** Most runs that one request deletes. */
const MAX_BULK_DELETE = 50;

export const flowRunListRoutes = [
  ...listRoutes({
    path: "/flow_runs",
    title: "Flow Runs",
    filters: relatedFilters,
    options: {
      sort: oneOf(
        "ID_DESC",
        "START_TIME_ASC",
        "START_TIME_DESC",
        "EXPECTED_START_TIME_ASC",
        "EXPECTED_START_TIME_DESC",
        "NAME_ASC",
        "NAME_DESC",
        "NEXT_SCHEDULED_START_TIME_ASC",
        "END_TIME_DESC",
      ).default("ID_DESC"),
    },
    list: (db, filters, { sort }, page) => listFlowRuns(db, filters, sort, page),
    count: countFlowRuns,
    view: flowRunView,
    present: (runs, { clock }) => presentFlowRuns(runs, clock.now()),
    paginate: { view: flowRunView, present: (runs, { clock }) => presentFlowRuns(runs, clock.now()) },
  }),
  route({
    method: "POST",
    path: "/flow_runs/lateness",
    summary: "Average Flow Run Lateness",
    body: members(relatedFilters),
    responses: { 200: view.number.nullable() },
    async handle({ body }, { store, clock }) {
      const runs = await timesOfFlowRuns(store.db, body);
      const now = clock.now();
      const total = runs.reduce((sum, run) => sum + lateness(run, now), 0);
      return { status: 200, body: runs.length === 0 ? null : total / runs.length };
    },
  }),
  route({
    method: "POST",
    path: "/flow_runs/bulk_delete",
    summary: "Bulk Delete Flow Runs",
    body: members({
      flow_runs: flowRunFilter.optional(),
      limit: integer({ ge: 1, le: MAX_BULK_DELETE }).default(MAX_BULK_DELETE),
    }),
    responses: { 200: z.strictObject({ deleted: z.array(view.uuid) }) },
    async handle({ body }, context) {
      const deleted = await removeFlowRuns(context, { flow_runs: body.flow_runs }, body.limit);
      return { status: 200, body: { deleted } };
    },
  }),
];
