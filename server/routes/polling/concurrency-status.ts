import { z } from "zod";
import { ApiError } from "../../domain/api-error.ts";
import { POLL_TIMEOUT_SECONDS } from "../../domain/work-pools/statuses.ts";
import { pageNumberMembers, pageTotals, readNumberedPage } from "../../http/pagination.ts";
import { members } from "../../http/request/body.ts";
import { integer } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import {
  OCCUPYING_BY_ID,
  type SlotHolder,
  slotHolders,
  slotsInUseByQueue,
  slotsInUseInPool,
} from "../../store/queries/work-pools/pool-slots.ts";
import { workPoolByName } from "../../store/queries/work-pools/work-pools.ts";
import {
  countLateRuns,
  countQueuesOfPool,
  listPoolQueues,
  workQueueById,
} from "../../store/queries/work-pools/work-queues.ts";
import { secondsBetween, type Timestamp } from "../../values/timestamp.ts";
import { stateTypeView } from "../states/view.ts";

const slotView = z
  .strictObject({
    id: view.uuid,
    name: view.text,
    state_type: stateTypeView.nullable(),
    state_name: view.text.nullable(),
    start_time: view.timestamp.nullable(),
    state_timestamp: view.timestamp.nullable(),
    time_in_current_state: view.number.nullable(),
  })
  .meta({ id: "FlowRunSlotSummary" });

function presentHolder(run: SlotHolder, now: Timestamp): z.input<typeof slotView> {
  const since = run.state_timestamp;
  return { ...run, time_in_current_state: since === null ? null : secondsBetween(since, now) };
}

const counts = { active_slots: view.integer, concurrency_limit: view.integer.nullable() };
const paging = { count: view.integer, limit: view.integer, pages: view.integer, page: view.integer };

const queueDetail = z
  .strictObject({
    queue_id: view.uuid,
    queue_name: view.text,
    ...counts,
    flow_runs: z.array(slotView),
    flow_run_count: view.integer,
  })
  .meta({ id: "WorkQueueConcurrencyStatusDetail" });

export const concurrencyStatusRoutes = [
  route({
    method: "POST",
    path: "/work_pools/{name}/concurrency_status",
    summary: "Read Work Pool Concurrency Status",
    body: members({ ...pageNumberMembers, flow_run_limit: integer({ ge: 0, le: 200 }).default(10) }),
    responses: { 200: z.strictObject({ ...counts, queues: z.array(queueDetail), ...paging }) },
    async handle({ params, body }, { store, config, clock }) {
      const page = readNumberedPage(body, config);
      const { db } = store;
      const pool = await workPoolByName(db, params.name);
      if (pool === undefined) throw new ApiError("not_found", `Work pool '${params.name}' not found.`);
      const [queues, count, inUse] = [
        await listPoolQueues(db, pool.id, {}, page),
        await countQueuesOfPool(db, pool.id),
        await slotsInUseInPool(db, pool.id),
      ];
      const now = clock.now();
      const details: z.input<typeof queueDetail>[] = [];
      for (const { id, name, concurrency_limit } of queues) {
        const active = inUse.get(id) ?? 0;
        const holders = active === 0 ? [] : await slotHolders(db, id, { limit: body.flow_run_limit, offset: 0 });
        details.push({
          queue_id: id,
          queue_name: name,
          active_slots: active,
          concurrency_limit,
          flow_runs: holders.map((run) => presentHolder(run, now)),
          flow_run_count: active,
        });
      }
      const active_slots = [...inUse.values()].reduce((sum, slots) => sum + slots, 0);
      return {
        status: 200,
        body: {
          active_slots,
          concurrency_limit: pool.concurrency_limit,
          queues: details,
          ...pageTotals(count, page.limit, body.page),
        },
      };
    },
  }),
  route({
    method: "POST",
    path: "/work_queues/{id:uuid}/concurrency_status",
    summary: "Read Work Queue Concurrency Status",
    body: members(pageNumberMembers),
    responses: { 200: z.strictObject({ ...counts, flow_runs: z.array(slotView), ...paging }) },
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
          flow_runs: runs.map((run) => presentHolder(run, now)),
          ...pageTotals(active, page.limit, body.page),
        },
      };
    },
  }),
  route({
    method: "GET",
    path: "/work_queues/{id:uuid}/status",
    summary: "Read Work Queue Status",
    responses: {
      200: z
        .strictObject({
          healthy: view.flag,
          late_runs_count: view.integer,
          last_polled: view.timestamp.nullable(),
          health_check_policy: z.strictObject({
            maximum_late_runs: view.integer,
            maximum_seconds_since_last_polled: view.integer,
          }),
        })
        .meta({ id: "WorkQueueStatusDetail" }),
    },
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
