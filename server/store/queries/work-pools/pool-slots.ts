import { expressions } from "../../sql/expressions.ts";
import { prepared } from "../../sql/prepared.ts";
import type { Db } from "../../store.ts";
import type { FlowRunRow, StateType } from "../../tables/flow-runs.ts";

/** States in which a run occupies a slot of its queue and its pool. */
const OCCUPYING: StateType[] = ["PENDING", "RUNNING"];

/** The deprecated routes count CANCELLING runs, too. */
export const OCCUPYING_BY_ID: readonly StateType[] = ["PENDING", "RUNNING", "CANCELLING"];

/** How many flow runs occupy the pools' slots, by pool id; a pool without any may be missing. */
export async function slotsInUseByPool(db: Db, poolIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("work_queue")
    .innerJoin("flow_run", "flow_run.work_queue_id", "work_queue.id")
    .select((eb) => ["work_queue.work_pool_id as id", eb.fn.countAll<number>().as("count")])
    .where((eb) => expressions(db).isIn(eb.ref("work_queue.work_pool_id"), poolIds))
    .where("flow_run.state_type", "in", OCCUPYING)
    .groupBy("work_queue.work_pool_id")
    .execute();
  return new Map(rows.map((row) => [row.id, row.count]));
}

/** The same by queue id. */
export async function slotsInUseByQueue(
  db: Db,
  queueIds: readonly string[],
  states: readonly StateType[] = OCCUPYING,
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("flow_run")
    .select((eb) => ["work_queue_id as id", eb.fn.countAll<number>().as("count")])
    .where((eb) => expressions(db).isIn(eb.ref("work_queue_id"), queueIds))
    .where("state_type", "in", [...states])
    .groupBy("work_queue_id")
    .execute();
  return new Map(rows.map((row) => [row.id ?? "", row.count]));
}

const byPool = prepared((db, poolId: string) =>
  db
    .selectFrom("work_queue")
    .select([
      "work_queue.id",
      (eb) =>
        eb
          .selectFrom("flow_run")
          .select(eb.fn.countAll<number>().as("count"))
          .whereRef("flow_run.work_queue_id", "=", "work_queue.id")
          .where("flow_run.state_type", "in", OCCUPYING)
          .as("count"),
    ])
    .where("work_queue.work_pool_id", "=", poolId),
);

/** How many flow runs occupy the slots of each of a pool's queues, by queue id. */
export async function slotsInUseInPool(db: Db, poolId: string): Promise<ReadonlyMap<string, number>> {
  return new Map((await byPool(db, poolId)).map((row) => [row.id, row.count ?? 0]));
}

export function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

const ofQueue = prepared((db, queueId: string) =>
  db
    .selectFrom("work_queue")
    .innerJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .select(["work_queue.concurrency_limit as queue", "work_pool.concurrency_limit as pool"])
    .where("work_queue.id", "=", queueId),
);

/** How many runs may be in a queue, and in its pool, at once; null: as many as there are. */
export async function limitsOfQueue(
  db: Db,
  queueId: string,
): Promise<{ queue: number | null; pool: number | null } | undefined> {
  const [limits] = await ofQueue(db, queueId);
  return limits;
}

/** What is shown of a run that occupies a slot. */
export type SlotHolder = Pick<
  FlowRunRow,
  "id" | "name" | "state_type" | "state_name" | "start_time" | "state_timestamp"
>;

/** Runs that occupy slots of a queue, by id. */
export async function slotHolders(
  db: Db,
  queueId: string,
  page: { limit: number; offset: number },
  states: readonly StateType[] = OCCUPYING,
): Promise<SlotHolder[]> {
  return db
    .selectFrom("flow_run")
    .select(["id", "name", "state_type", "state_name", "start_time", "state_timestamp"])
    .where("work_queue_id", "=", queueId)
    .where("state_type", "in", [...states])
    .orderBy("id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}
