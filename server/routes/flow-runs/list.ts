import { z } from "zod";
import { removeFlowRuns } from "../../domain/flow-runs/remove.ts";
import { lateness } from "../../domain/run-times.ts";
import {
  pageMembers,
  pageNumberMembers,
  pageTotals,
  paginationView,
  readNumberedPage,
  readPage,
} from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { integer, oneOf } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { countFlowRuns, listFlowRuns, timesOfFlowRuns } from "../../store/queries/runs/flow-run-lists.ts";
import { flowRunFilter, relatedFilters } from "../filters.ts";
import { flowRunView, presentFlowRun } from "./view.ts";

const flowRunSort = oneOf(
  "ID_DESC",
  "START_TIME_ASC",
  "START_TIME_DESC",
  "EXPECTED_START_TIME_ASC",
  "EXPECTED_START_TIME_DESC",
  "NAME_ASC",
  "NAME_DESC",
  "NEXT_SCHEDULED_START_TIME_ASC",
  "END_TIME_DESC",
).default("ID_DESC");

/** Most runs that one request deletes. */
const MOST_AT_ONCE = 50;

export const flowRunListRoutes = [
  route({
    method: "POST",
    path: "/flow_runs/filter",
    summary: "Read Flow Runs",
    body: members({ ...relatedFilters, sort: flowRunSort, ...pageMembers }),
    responses: { 200: z.array(flowRunView) },
    async handle({ body }, { store, config, clock }) {
      const { sort, limit, offset, ...filters } = body;
      const runs = await listFlowRuns(store.db, filters, sort, readPage({ limit, offset }, config));
      const now = clock.now();
      return { status: 200, body: runs.map((run) => presentFlowRun(run, now)) };
    },
  }),
  route({
    method: "POST",
    path: "/flow_runs/count",
    summary: "Count Flow Runs",
    body: members(relatedFilters),
    responses: { 200: view.integer },
    async handle({ body }, { store }) {
      return { status: 200, body: await countFlowRuns(store.db, body) };
    },
  }),
  route({
    method: "POST",
    path: "/flow_runs/paginate",
    summary: "Paginate Flow Runs",
    body: members({ ...relatedFilters, sort: flowRunSort, ...pageNumberMembers }),
    responses: { 200: paginationView(flowRunView) },
    async handle({ body }, { store, config, clock }) {
      const { sort, limit, page, ...filters } = body;
      const rows = readNumberedPage({ limit, page }, config);
      const now = clock.now();
      const results = (await listFlowRuns(store.db, filters, sort, rows)).map((run) => presentFlowRun(run, now));
      const count = await countFlowRuns(store.db, filters);
      return { status: 200, body: { results, ...pageTotals(count, rows.limit, page) } };
    },
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
      limit: integer({ ge: 1, le: MOST_AT_ONCE }).default(MOST_AT_ONCE),
    }),
    responses: { 200: z.strictObject({ deleted: z.array(view.uuid) }) },
    async handle({ body }, context) {
      const deleted = await removeFlowRuns(context, { flow_runs: body.flow_runs }, body.limit);
      return { status: 200, body: { deleted } };
    },
  }),
];
