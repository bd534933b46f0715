import { z } from "zod";
import { members } from "../../http/body.ts";
import { numberedPage, pageFacts, pageMembers, pageNumberMembers, pageOf, paginationView } from "../../http/page.ts";
import { route } from "../../http/route.ts";
import { view } from "../../http/views.ts";
import { oneOf } from "../../http/wire.ts";
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
    answers: { 200: view.integer },
    async handle({ body }, { store }) {
      return { status: 200, body: await countTaskRuns(store.db, body) };
    },
  }),
  route({
    method: "POST",
    path: "/task_runs/filter",
    summary: "Read Task Runs",
    body: members({ ...filters, sort, ...pageMembers }),
    answers: { 200: z.array(taskRunView) },
    async handle({ body }, { store, config, clock }) {
      const { sort, limit, offset, ...filters } = body;
      const runs = await listTaskRuns(store.db, filters, sort, pageOf({ limit, offset }, config));
      const now = clock.now();
      return { status: 200, body: runs.map((run) => presentTaskRun(run, now)) };
    },
  }),
  route({
    method: "POST",
    path: "/task_runs/paginate",
    summary: "Paginate Task Runs",
    body: members({ ...filters, sort, ...pageNumberMembers }),
    answers: { 200: paginationView(pagedTaskRunView) },
    async handle({ body }, { store, config, clock }) {
      const { sort, limit, page, ...filters } = body;
      const rows = numberedPage({ limit, page }, config);
      const now = clock.now();
      const results = (await listTaskRuns(store.db, filters, sort, rows)).map((run) => presentPagedTaskRun(run, now));
      const count = await countTaskRuns(store.db, filters);
      return { status: 200, body: { results, ...pageFacts(count, rows.limit, page) } };
    },
  }),
];
