import type { Timestamp } from "../../../values/timestamp.ts";
import { prepared } from "../../sql/prepared.ts";
import type { Db } from "../../store.ts";
import type { FlowRunRow } from "../../tables/flow-runs.ts";
import type { WorkQueueRow } from "../../tables/work-pools.ts";

/** Scheduled runs for polls. Each query is an index scan over one queue's scheduled runs in the order of their times, and reads no more rows
 *  than it returns. */

/** When runs are due; both ends belong to it. */
export interface Due {
  after: Timestamp | null;
  before: Timestamp | null;
}

const EARLIEST: Timestamp = "";
const LATEST: Timestamp = "9999-12-31T23:59:59.999999Z";

export type PolledQueue = Pick<
  WorkQueueRow,
  "id" | "name" | "is_paused" | "concurrency_limit" | "priority" | "status" | "last_polled"
> & {
  /** Not null: some run is due. */
  due: string | null;
};

const queues = prepared((db, poolId: string, after: Timestamp, before: Timestamp) =>
  db
    .selectFrom("work_queue")
    .select(["id", "name", "is_paused", "concurrency_limit", "priority", "status", "last_polled"])
    .select((eb) =>
      eb
        .selectFrom("flow_run")
        .select("flow_run.id")
        .whereRef("flow_run.work_queue_id", "=", "work_queue.id")
        .where("flow_run.state_type", "=", "SCHEDULED")
        .where("flow_run.next_scheduled_start_time", ">=", after)
        .where("flow_run.next_scheduled_start_time", "<=", before)
        .limit(1)
        .as("due"),
    )
    .where("work_pool_id", "=", poolId)
    .orderBy("priority")
    .orderBy("id"),
);

/** A pool's queues, the one served first at the front, and whether anything is due in them. */
export async function polledQueues(db: Db, poolId: string, { after, before }: Due): Promise<PolledQueue[]> {
  return queues(db, poolId, after ?? EARLIEST, before ?? LATEST);
}

const ofQueue = prepared((db, queueId: string, after: Timestamp, before: Timestamp, most: number) =>
  db
    .selectFrom("flow_run")
    .selectAll()
    .where("work_queue_id", "=", queueId)
    .where("state_type", "=", "SCHEDULED")
    .where("next_scheduled_start_time", ">=", after)
    .where("next_scheduled_start_time", "<=", before)
    // Runs whose own process waits for the retry are not for workers.
    .where("retries_in_process", "=", 0)
    .orderBy("next_scheduled_start_time")
    .limit(most),
);

/** A queue's waiting runs, the earliest at the front. */
export async function waitingInQueue(
  db: Db,
  queueId: string,
  { after, before }: Due,
  most: number,
): Promise<FlowRunRow[]> {
  return ofQueue(db, queueId, after ?? EARLIEST, before ?? LATEST, most);
}
