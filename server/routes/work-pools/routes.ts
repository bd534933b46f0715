import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { pollPool } from "../../domain/flow-runs/poll.ts";
import { recordPoll } from "../../domain/work-pools/record-poll.ts";
import { changeWorkPool, createWorkPool, findWorkPool, removeWorkPool } from "../../domain/work-pools/work-pools.ts";
import { pageNumberMembers, pageTotals, readLimit, readNumberedPage } from "../../http/pagination.ts";
import { members, model } from "../../http/request/body.ts";
import { document, flag, integer, text, timestamp } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { slotsInUseInPool } from "../../store/queries/work-pools/pool-slots.ts";
import { countWorkPools, listWorkPools, workPoolByName } from "../../store/queries/work-pools/work-pools.ts";
import { countQueuesOfPool, listPoolQueues } from "../../store/queries/work-pools/work-queues.ts";
import { workPoolFilter } from "../filters.ts";
import { polledFlowRunView, presentPolledFlowRun } from "../flow-runs/view.ts";
import { listRoutes } from "../list-routes.ts";
import { checkTemplate, poolName, storageConfiguration } from "./fields.ts";
import { poolConcurrencyView, presentQueueSlots, presentWorkPool, presentWorkPools, workPoolView } from "./view.ts";

export const workPoolRoutes = [
  route({
    method: "POST",
    path: "/work_pools/",
    summary: "Create Work Pool",
    body: model({
      name: poolName(),
      description: text().nullable().default(null),
      type: text().default("prefect-agent"),
      base_job_template: document().default({}),
      is_paused: flag().default(false),
      concurrency_limit: integer({ ge: 0 }).nullable().default(null),
      storage_configuration: storageConfiguration().default({
        bundle_upload_step: null,
        bundle_execution_step: null,
        default_result_storage_block_id: null,
      }),
    }),
    responses: { 201: workPoolView },
    async handle({ body, headers }, context) {
      checkTemplate(body.base_job_template, { operation: "create", poolType: body.type });
      const pool = await createWorkPool(context, body);
      return { status: 201, body: await presentWorkPool(context.store.db, pool, headers) };
    },
  }),
  route({
    method: "GET",
    path: "/work_pools/{name}",
    summary: "Read Work Pool",
    responses: { 200: workPoolView },
    async handle({ params, headers }, { store }) {
      const pool = await findWorkPool(store.db, params.name);
      return { status: 200, body: await presentWorkPool(store.db, pool, headers) };
    },
  }),
  ...listRoutes({
    path: "/work_pools",
    title: "Work Pools",
    filters: { work_pools: workPoolFilter.optional() },
    options: {},
    list: (db, { work_pools = {} }, _, page) => listWorkPools(db, work_pools, page),
    count: (db, { work_pools = {} }) => countWorkPools(db, work_pools),
    view: workPoolView,
    present: (pools, { store }, { headers }) => presentWorkPools(store.db, pools, headers),
  }),
  route({
    method: "PATCH",
    path: "/work_pools/{name}",
    summary: "Update Work Pool",
    // Upstream accepts null for each of these and then fails (500, or 409 from a column); here null is refused (422) where it has no
    // meaning.
    body: model({
      description: text().nullable().optional(),
      is_paused: flag().optional(),
      base_job_template: document().optional(),
      concurrency_limit: integer({ ge: 0 }).nullable().optional(),
      storage_configuration: storageConfiguration().optional(),
    }),
    responses: { 204: null },
    async handle({ params, body }, context) {
      if (body.base_job_template !== undefined) checkTemplate(body.base_job_template, { operation: "update" });
      await changeWorkPool(context, params.name, body);
      return { status: 204 };
    },
  }),
  route({
    method: "DELETE",
    path: "/work_pools/{name}",
    summary: "Delete Work Pool",
    responses: { 204: null },
    async handle({ params }, context) {
      await removeWorkPool(context, params.name);
      return { status: 204 };
    },
  }),
  /** What workers poll. */
  route({
    method: "POST",
    path: "/work_pools/{name}/get_scheduled_flow_runs",
    summary: "Get Scheduled Flow Runs",
    body: members({
      limit: integer().optional(),
      scheduled_before: timestamp().optional(),
      scheduled_after: timestamp().optional(),
      work_queue_names: z.array(text()).optional(),
    }),
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
      recordPoll(context, queues);
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
    path: "/work_pools/{name}/concurrency_status",
    summary: "Read Work Pool Concurrency Status",
    body: members({ ...pageNumberMembers, flow_run_limit: integer({ ge: 0, le: 200 }).default(10) }),
    responses: { 200: poolConcurrencyView },
    async handle({ params, body }, { store, config, clock }) {
      const page = readNumberedPage(body, config);
      const { db } = store;
      const pool = await workPoolByName(db, params.name);
      // The one route of upstream with these quotes.
      if (pool === undefined) throw new ApiError("not_found", `Work pool '${params.name}' not found.`);
      const queues = await listPoolQueues(db, pool.id, {}, page);
      const queueCount = await countQueuesOfPool(db, pool.id);
      const inUse = await slotsInUseInPool(db, pool.id);
      return {
        status: 200,
        body: {
          active_slots: [...inUse.values()].reduce((sum, slots) => sum + slots, 0),
          concurrency_limit: pool.concurrency_limit,
          queues: await presentQueueSlots(db, queues, inUse, body.flow_run_limit, clock.now()),
          ...pageTotals(queueCount, page.limit, body.page),
        },
      };
    },
  }),
];
