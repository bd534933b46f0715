import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { pollQueue } from "../../domain/flow-runs/poll.ts";
import { recordPoll } from "../../domain/work-pools/record-poll.ts";
import { POLL_TIMEOUT_SECONDS } from "../../domain/work-pools/statuses.ts";
import {
  agentPoolOrNone,
  changeWorkQueueById,
  createAgentQueue,
  findWorkQueueById,
  removeWorkQueueById,
} from "../../domain/work-pools/work-queues.ts";
import { pageNumberMembers, pageTotals, readLimit, readNumberedPage } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { integer, timestamp } from "../../http/request/request-types.ts";
import { route } from "../../http/route.ts";
import { OCCUPYING_BY_ID, slotHolders, slotsInUseByQueue } from "../../store/queries/work-pools/pool-slots.ts";
import {
  anyWorkQueueNamed,
  countLateRuns,
  listWorkQueues,
  workQueueById,
  workQueueByName,
} from "../../store/queries/work-pools/work-queues.ts";
import { secondsBetween } from "../../values/timestamp.ts";
import { workQueueFilter } from "../filters.ts";
import { flowRunView, presentFlowRun } from "../flow-runs/view.ts";
import { listRoutes } from "../list-routes.ts";
import { newWorkQueue, workQueueChanges } from "./fields.ts";
import {
  presentSlot,
  presentWorkQueue,
  presentWorkQueues,
  queueConcurrencyView,
  queueStatusView,
  workQueueView,
} from "./view.ts";

/** Queues by id: the older routes, which the CLI still uses to pause, limit and delete. */
export const workQueueByIdRoutes = [
  route({
    method: "POST",
    path: "/work_queues/",
    summary: "Create Work Queue",
    body: newWorkQueue,
    responses: { 201: workQueueView },
    async handle({ body }, context) {
      const queue = await createAgentQueue(context, body);
      return { status: 201, body: await presentWorkQueue(context.store.db, queue, OCCUPYING_BY_ID) };
    },
  }),
  route({
    method: "GET",
    path: "/work_queues/{id:uuid}",
    summary: "Read Work Queue",
    responses: { 200: workQueueView },
    async handle({ params }, { store }) {
      return {
        status: 200,
        body: await presentWorkQueue(store.db, await findWorkQueueById(store.db, params.id), OCCUPYING_BY_ID),
      };
    },
  }),
  route({
    method: "GET",
    path: "/work_queues/name/{name}",
    summary: "Read Work Queue By Name",
    responses: { 200: workQueueView },
    async handle({ params }, { store }) {
      const pool = await agentPoolOrNone(store.db);
      const queue =
        pool === undefined
          ? await anyWorkQueueNamed(store.db, params.name)
          : await workQueueByName(store.db, pool.name, params.name);
      if (queue === undefined) throw new ApiError("not_found", "work queue not found");
      return { status: 200, body: await presentWorkQueue(store.db, queue, OCCUPYING_BY_ID) };
    },
  }),
  ...listRoutes({
    path: "/work_queues",
    title: "Work Queues",
    filters: { work_queues: workQueueFilter.optional() },
    options: {},
    list: (db, { work_queues = {} }, _, page) => listWorkQueues(db, work_queues, page),
    view: workQueueView,
    present: (queues, { store }) => presentWorkQueues(store.db, queues, OCCUPYING_BY_ID),
  }),
  route({
    method: "PATCH",
    path: "/work_queues/{id:uuid}",
    summary: "Update Work Queue",
    body: workQueueChanges,
    responses: { 204: null },
    async handle({ params, body }, context) {
      await changeWorkQueueById(context, params.id, body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/work_queues/{id:uuid}",
    summary: "Delete Work Queue",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeWorkQueueById(context, params.id);
      return { status: 204 };
    },
  }),
  /** What agents poll. */
  route({
    method: "POST",
    path: "/work_queues/{id:uuid}/get_runs",
    summary: "Read Work Queue Runs",
    body: members({ limit: integer().optional(), scheduled_before: timestamp().optional() }),
    responses: { 200: z.array(flowRunView) },
    async handle({ params, body, headers }, context) {
      const { store, config, clock } = context;
      const most = readLimit(body.limit, config);
      const queue = await workQueueById(store.db, params.id);
      if (queue === undefined) throw new ApiError("object_not_found", `Work queue with id ${params.id} not found.`);
      const due = { after: null, before: body.scheduled_before ?? null };
      const runs = await pollQueue(store.db, queue, due, most);
      // Upstream's web pages read this route too; that is no poll.
      if (headers["x-prefect-ui"] !== "true") recordPoll(context, [queue]);
      const now = clock.now();
      // This route shows runs without their pool.
      const withoutPool = { queue_name: null, work_pool_id: null, work_pool_name: null };
      return { status: 200, body: runs.map((run) => presentFlowRun({ ...run, ...withoutPool }, now)) };
    },
  }),
  route({
    method: "POST",
    path: "/work_queues/{id:uuid}/concurrency_status",
    summary: "Read Work Queue Concurrency Status",
    body: members(pageNumberMembers),
    responses: { 200: queueConcurrencyView },
    async handle({ params, body }, { store, config, clock }) {
      const page = readNumberedPage(body, config);
      const queue = await workQueueById(store.db, params.id);
      if (queue === undefined) throw new ApiError("not_found", "Work queue not found.");
      const active = (await slotsInUseByQueue(store.db, [queue.id], OCCUPYING_BY_ID)).get(queue.id) ?? 0;
      const runs = await slotHolders(store.db, queue.id, page, OCCUPYING_BY_ID);
      const now = clock.now();
      return {
        status: 200,
        body: {
          active_slots: active,
          concurrency_limit: queue.concurrency_limit,
          flow_runs: runs.map((run) => presentSlot(run, now)),
          ...pageTotals(active, page.limit, body.page),
        },
      };
    },
  }),
  route({
    method: "GET",
    path: "/work_queues/{id:uuid}/status",
    summary: "Read Work Queue Status",
    responses: { 200: queueStatusView },
    async handle({ params }, { store, clock }) {
      const queue = await workQueueById(store.db, params.id);
      if (queue === undefined) throw new ApiError("object_not_found", `Work queue with id ${params.id} not found`);
      const late = await countLateRuns(store.db, queue.id);
      const { last_polled } = queue;
      const polled = last_polled !== null && secondsBetween(last_polled, clock.now()) <= POLL_TIMEOUT_SECONDS;
      return {
        status: 200,
        body: {
          healthy: late === 0 && polled,
          late_runs_count: late,
          last_polled,
          health_check_policy: { maximum_late_runs: 0, maximum_seconds_since_last_polled: POLL_TIMEOUT_SECONDS },
        },
      };
    },
  }),
];
