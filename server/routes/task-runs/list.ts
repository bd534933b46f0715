import { z } from "zod";
import {
  pageMembers,
  pageNumberMembers,
  pageTotals,
  paginationView,
  readNumberedPage,
  readPage,
} from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { oneOf } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { countTaskRuns, listTaskRuns } from "../../store/queries/runs/task-run-lists.ts";
import { relatedFilters } from "../filters.ts";
import { pagedTaskRunView, presentPagedTaskRun, presentTaskRun, taskRunView } from "./view.ts";

const { work_pools: _, work_pool_queues: __, ...filters } = relatedFilters;

const sort = oneOf(
  "ID_DESC",
  "EXPECTED_START_TIME_ASC",
  "EXPECTED_START_TIME_DESC",
  "NAME_ASC",
  "NAME_DESC",
  "NEXT_SCHEDULED_START_TIME_ASC",
  "END_TIME_DESC",
).default("ID_DESC");

export const taskRunListRoutes = [
  route({
    method: "POST",
    path: "/task_runs/count",
    summary: "Count Task Runs",
    body: members(filters),
    responses: { 200: view.integer },
    async handle({ body }, { store }) {
      return { status: 200, body: await countTaskRuns(store.db, body) };
    },
  }),
  route({
    method: "POST",
    path: "/task_runs/filter",
    summary: "Read Task Runs",
    body: members({ ...filters, sort, ...pageMembers }),
    responses: { 200: z.array(taskRunView) },
    async handle({ body }, { store, config, clock }) {
      const { sort, limit, offset, ...filters } = body;
      const runs = await listTaskRuns(store.db, filters, sort, readPage({ limit, offset }, config));
      const now = clock.now();
      return { status: 200, body: runs.map((run) => presentTaskRun(run, now)) };
    },
  }),
  route({
    method: "POST",
    path: "/task_runs/paginate",
    summary: "Paginate Task Runs",
    body: members({ ...filters, sort, ...pageNumberMembers }),
    responses: { 200: paginationView(pagedTaskRunView) },
    async handle({ body }, { store, config, clock }) {
      const { sort, limit, page, ...filters } = body;
      const rows = readNumberedPage({ limit, page }, config);
      const now = clock.now();
      const results = (await listTaskRuns(store.db, filters, sort, rows)).map((run) => presentPagedTaskRun(run, now));
      const count = await countTaskRuns(store.db, filters);
      return { status: 200, body: { results, ...pageTotals(count, rows.limit, page) } };
    },
  }),
];
