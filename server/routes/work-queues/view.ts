import { z } from "zod";
import { JsonText } from "../../http/response/json-text.ts";
import { view } from "../../http/response/view-types.ts";
import { slotsInUseByQueue } from "../../store/queries/work-pools/pool-slots.ts";
import type { WorkQueue } from "../../store/queries/work-pools/work-queues.ts";
import type { Db } from "../../store/store.ts";
import type { StateType } from "../../store/tables/flow-runs.ts";

export const workQueueView = z
  .strictObject({
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
    work_pool_name: view.text.nullable(),
    status: z.enum(["READY", "NOT_READY", "PAUSED"]).nullable(),
    /** Null for queues without a limit. */
    active_slots: view.integer.nullable(),
  })
  .meta({ id: "WorkQueueResponse" });

export type WorkQueueView = z.input<typeof workQueueView>;

/** `occupying`: which runs take a slot; the routes by pool and those by id differ in that. */
export async function presentWorkQueues(
  db: Db,
  queues: readonly WorkQueue[],
  occupying?: readonly StateType[],
): Promise<WorkQueueView[]> {
  const limited = queues.filter((queue) => queue.concurrency_limit !== null).map((queue) => queue.id);
  const slots = limited.length === 0 ? undefined : await slotsInUseByQueue(db, limited, occupying);
  return queues.map((queue) => ({
    id: queue.id,
    created: queue.created,
    updated: queue.updated,
    name: queue.name,
    description: queue.description,
    is_paused: queue.is_paused === 1,
    concurrency_limit: queue.concurrency_limit,
    priority: queue.priority,
    work_pool_id: queue.work_pool_id,
    filter: queue.filter === null ? null : new JsonText(queue.filter),
    last_polled: queue.last_polled,
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
