import { z } from "zod";
import { pageTotalsView } from "../../http/pagination.ts";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { type SlotHolder, slotsInUseByQueue } from "../../store/queries/work-pools/pool-slots.ts";
import type { WorkQueue } from "../../store/queries/work-pools/work-queues.ts";
import type { Db } from "../../store/store.ts";
import type { StateType } from "../../store/tables/flow-runs.ts";
import type { WorkQueueRow } from "../../store/tables/work-pools.ts";
import { secondsBetween, type Timestamp } from "../../values/timestamp.ts";
import { stateTypeView } from "../states/view.ts";

const rowFields = {
  id: view.uuid,
  created: view.timestamp,
  updated: view.timestamp,
  name: view.text,
  description: view.text,
  is_paused: view.flag,
  concurrency_limit: view.integer.nullable(),
  priority: view.integer,
  work_pool_id: view.uuid.nullable(),
  filter: view.document.nullable(),
  last_polled: view.timestamp.nullable(),
};

/** The stored members of a queue. */
export const workQueueRowView = z.strictObject(rowFields).meta({ id: "WorkQueue" });

export function presentWorkQueueRow(row: WorkQueueRow): z.input<typeof workQueueRowView> {
  return {
    id: row.id,
    created: row.created,
    updated: row.updated,
    name: row.name,
    description: row.description,
    is_paused: row.is_paused === 1,
    concurrency_limit: row.concurrency_limit,
    priority: row.priority,
    work_pool_id: row.work_pool_id,
    filter: row.filter === null ? null : new JsonText(row.filter),
    last_polled: row.last_polled,
  };
}

export const workQueueView = z
  .strictObject({
    ...rowFields,
    work_pool_name: view.text.nullable(),
    status: z.enum(["READY", "NOT_READY", "PAUSED"]).nullable(),
    /** Null for queues without a limit. */
    active_slots: view.integer.nullable(),
  })
  .meta({ id: "WorkQueueResponse" });

export type WorkQueueView = z.input<typeof workQueueView>;

/** `occupying`: the states in which a run takes a slot, which differ between the routes by pool and those by id. */
export async function presentWorkQueues(
  db: Db,
  queues: readonly WorkQueue[],
  occupying?: readonly StateType[],
): Promise<WorkQueueView[]> {
  const limited = queues.filter((queue) => queue.concurrency_limit !== null).map((queue) => queue.id);
  const slots = limited.length === 0 ? undefined : await slotsInUseByQueue(db, limited, occupying);
  return queues.map((queue) => ({
    ...presentWorkQueueRow(queue),
    work_pool_name: queue.work_pool_name,
    status: queue.status,
    active_slots: queue.concurrency_limit === null ? null : (slots?.get(queue.id) ?? 0),
  }));
}

export async function presentWorkQueue(
  db: Db,
  queue: WorkQueue,
  occupying?: readonly StateType[],
): Promise<WorkQueueView> {
  return (await presentWorkQueues(db, [queue], occupying))[0] as WorkQueueView;
}

/** A flow run that holds a slot. */
export const slotView = z
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

export function presentSlot(run: SlotHolder, now: Timestamp): z.input<typeof slotView> {
  const since = run.state_timestamp;
  return { ...run, time_in_current_state: since === null ? null : secondsBetween(since, now) };
}

/** The concurrency status of a pool or a queue, without its runs. */
export const concurrencyMembers = { active_slots: view.integer, concurrency_limit: view.integer.nullable() };

export const queueConcurrencyView = z.strictObject({
  ...concurrencyMembers,
  flow_runs: z.array(slotView),
  ...pageTotalsView,
});

export const queueStatusView = z
  .strictObject({
    healthy: view.flag,
    late_runs_count: view.integer,
    last_polled: view.timestamp.nullable(),
    health_check_policy: z.strictObject({
      maximum_late_runs: view.integer,
      maximum_seconds_since_last_polled: view.integer,
    }),
  })
  .meta({ id: "WorkQueueStatusDetail" });
