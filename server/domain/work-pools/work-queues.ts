import { lockWorkPoolById, workPoolByName } from "../../store/queries/work-pools/work-pools.ts";
import {
  deleteWorkQueue,
  insertWorkQueue,
  queueRanks,
  updateWorkQueue,
  type WorkQueue,
  workQueueById,
  workQueueByName,
} from "../../store/queries/work-pools/work-queues.ts";
import { lockRows } from "../../store/sql/lock-rows.ts";
import type { Db } from "../../store/store.ts";
import type { WorkPoolRow, WorkQueueRow } from "../../store/tables/work-pools.ts";
import { toJson } from "../../values/json.ts";
import type { Timestamp } from "../../values/timestamp.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { conflictOnDuplicate, retryOnDuplicate } from "../duplicates.ts";
import { transaction } from "../transaction.ts";
import { firstFree, rerank } from "./priorities.ts";
import { AGENT_POOL_TYPE, queueStatus } from "./statuses.ts";
import { addWorkPool, findWorkPool, findWorkPoolLocked } from "./work-pools.ts";

export interface NewWorkQueue {
  name: string;
  description: string;
  is_paused: boolean;
  concurrency_limit: number | null;
  /** Null: the first free one. */
  priority: number | null;
  filter: object | null;
}

export type WorkQueueChanges = Partial<Omit<NewWorkQueue, "priority">> & {
  priority?: number;
  last_polled?: Timestamp | null;
};

/** Throws: ApiError `not_found` for the pool, `conflict` for the name. */
export async function createWorkQueue(context: Context, poolName: string, newQueue: NewWorkQueue): Promise<WorkQueue> {
  return conflictOnDuplicate(`A work queue with this name already exists in work pool '${poolName}'.`, () =>
    transaction(context, async (context, tx) =>
      addWorkQueue(context, tx, await findWorkPoolLocked(tx, poolName), newQueue),
    ),
  );
}

/** Creates a queue in a pool that the `transaction` has locked. */
export async function addWorkQueue(
  { ids, clock, changes }: Context,
  tx: Db,
  pool: WorkPoolRow,
  newQueue: NewWorkQueue,
): Promise<WorkQueue> {
  const now = clock.now();
  const ranks = await queueRanks(tx, pool.id);
  const queue: WorkQueueRow = {
    id: ids.uuid4(),
    created: now,
    updated: now,
    name: newQueue.name,
    description: newQueue.description,
    is_paused: newQueue.is_paused ? 1 : 0,
    concurrency_limit: newQueue.concurrency_limit,
    priority: newQueue.priority ?? firstFree(ranks.map((rank) => rank.priority)),
    work_pool_id: pool.id,
    filter: newQueue.filter === null ? null : toJson(newQueue.filter),
    last_polled: null,
    // Also when it is created paused, as in Prefect.
    status: "NOT_READY",
  };
  await insertWorkQueue(tx, queue);
  if (newQueue.priority !== null) await applyRank(tx, pool.id, queue, now);
  const after = { ...queue, work_pool_name: pool.name };
  changes.report({ kind: "work-queue", object: { before: null, after } });
  return after;
}

/** Throws: ApiError `not_found`, for the pool or for the queue. */
export async function findWorkQueue(db: Db, poolName: string, name: string): Promise<WorkQueue> {
  const queue = await workQueueByName(db, poolName, name);
  if (queue !== undefined) return queue;
  throw new ApiError("not_found", `Work pool queue '${poolName}/${name}' not found.`);
}

/** As findWorkQueueById, and locks the queue until the write ends. */
async function findWorkQueueLocked(tx: Db, id: string): Promise<WorkQueue> {
  await lockRows(tx, "work_queue", [id]);
  return findWorkQueueById(tx, id);
}

/** Changes a queue by pool and name; a priority re-ranks the pool's other queues. */
export async function changeWorkQueue(
  context: Context,
  poolName: string,
  name: string,
  changes: WorkQueueChanges,
): Promise<void> {
  await conflictOnDuplicate(`A work queue with this name already exists in work pool '${poolName}'.`, () =>
    transaction(context, async (context, tx) => {
      const pool = await findWorkPoolLocked(tx, poolName);
      const queue = await findWorkQueueLocked(tx, (await findWorkQueue(tx, poolName, name)).id);
      const now = context.clock.now();
      await writeWorkQueue(context, tx, queue, toColumns(queue, changes, now));
      if (changes.priority !== undefined) {
        await applyRank(tx, pool.id, { id: queue.id, priority: changes.priority }, now);
      }
    }),
  );
}

/** Changes a queue that the write has locked, and reports it, inside a `transaction`. */
export async function writeWorkQueue(
  { changes }: Context,
  tx: Db,
  before: WorkQueue,
  columns: Partial<WorkQueueRow>,
): Promise<WorkQueue> {
  await updateWorkQueue(tx, before.id, columns);
  const after = { ...before, ...columns };
  changes.report({ kind: "work-queue", object: { before, after } });
  return after;
}

/** Changes a queue by its id (deprecated route): without re-ranking, two queues may have the same priority. */
export async function changeWorkQueueById(context: Context, id: string, changes: WorkQueueChanges): Promise<void> {
  await conflictOnDuplicate("A work queue with this name already exists.", () =>
    transaction(context, async (context, tx) => {
      const queue = await findWorkQueueLocked(tx, id);
      await writeWorkQueue(context, tx, queue, toColumns(queue, changes, context.clock.now()));
    }),
  );
}

/** Throws: ApiError `not_found`. */
export async function findWorkQueueById(db: Db, id: string): Promise<WorkQueue> {
  const queue = await workQueueById(db, id);
  if (queue === undefined) throw new ApiError("not_found", "work queue not found");
  return queue;
}

/** The id of the named queue, or else of the pool's default queue. Throws: ApiError `not_found`. */
export async function queueForRun(db: Db, poolName: string, queueName: string | null): Promise<string> {
  if (queueName) return (await findWorkQueue(db, poolName, queueName)).id;
  return (await findWorkPool(db, poolName)).default_queue_id;
}

export async function removeWorkQueue(context: Context, poolName: string, name: string): Promise<void> {
  await transaction(context, async (context, tx) => {
    const pool = await findWorkPoolLocked(tx, poolName);
    await deleteUnlessDefault(context, tx, pool, await findWorkQueue(tx, poolName, name));
  });
}

export async function removeWorkQueueById(context: Context, id: string): Promise<void> {
  await transaction(context, async (context, tx) => {
    const pool = await lockWorkPoolById(tx, (await findWorkQueueById(tx, id)).work_pool_id);
    // Read again: another write may have deleted it before the pool was locked.
    const queue = await findWorkQueueById(tx, id);
    if (pool !== undefined) await deleteUnlessDefault(context, tx, pool, queue);
  });
}

/** The others keep their priorities: gaps are not closed. */
async function deleteUnlessDefault({ changes }: Context, tx: Db, pool: WorkPoolRow, queue: WorkQueue): Promise<void> {
  if (queue.id === pool.default_queue_id) {
    throw new ApiError(
      "conflict",
      `The queue '${queue.name}' is the default queue of work pool '${pool.name}' and can't be deleted.`,
    );
  }
  await deleteWorkQueue(tx, queue.id);
  changes.report({ kind: "work-queue", object: { before: queue, after: null } });
}

/** The pool of queues that are created without one. */
const AGENT_POOL = "default-agent-pool";

/** Creates a queue in the agents' pool, which is created if missing. */
export async function createAgentQueue(context: Context, newQueue: NewWorkQueue): Promise<WorkQueue> {
  const create = () =>
    transaction(context, async (context, tx) => {
      const known = await workPoolByName(tx, AGENT_POOL);
      const pool = known ?? (await addWorkPool(context, tx, agentPool));
      if (known === undefined && newQueue.name === "default") return findWorkQueueById(tx, pool.default_queue_id);
      return addWorkQueue(context, tx, await findWorkPoolLocked(tx, AGENT_POOL), newQueue);
    });
  return conflictOnDuplicate("A work queue with this name already exists.", () => retryOnDuplicate(create));
}

/** The queue of that name in the agents' pool, inside a `transaction`; both are created if missing. Throws: StoreError `duplicate`, when another
 *  write creates the pool at the same time. */
export async function agentQueueNamed(context: Context, tx: Db, name: string): Promise<WorkQueue> {
  if ((await workPoolByName(tx, AGENT_POOL)) === undefined) await addWorkPool(context, tx, agentPool);
  const pool = await findWorkPoolLocked(tx, AGENT_POOL);
  const known = await workQueueByName(tx, AGENT_POOL, name);
  return known ?? addWorkQueue(context, tx, pool, { ...DEFAULT_QUEUE_FIELDS, name });
}

/** Fields of a queue that is created because something names it. */
export const DEFAULT_QUEUE_FIELDS = {
  description: "",
  is_paused: false,
  concurrency_limit: null,
  priority: null,
  filter: null,
};

const agentPool = {
  name: AGENT_POOL,
  description: null,
  type: AGENT_POOL_TYPE,
  base_job_template: {},
  is_paused: false,
  concurrency_limit: null,
  storage_configuration: {},
};

/** The agents' pool; `undefined` until something creates it. */
export async function agentPoolOrNone(db: Db): Promise<WorkPoolRow | undefined> {
  return workPoolByName(db, AGENT_POOL);
}

async function applyRank(
  tx: Db,
  poolId: string,
  changed: { id: string; priority: number },
  now: Timestamp,
): Promise<void> {
  for (const { id, priority } of rerank(await queueRanks(tx, poolId), changed)) {
    await updateWorkQueue(tx, id, { priority, updated: now });
  }
}

function toColumns(queue: WorkQueueRow, changes: WorkQueueChanges, now: Timestamp): Partial<WorkQueueRow> {
  const { name, description, concurrency_limit, priority, last_polled, is_paused, filter } = changes;
  const lastPolled = last_polled === undefined ? queue.last_polled : last_polled;
  return {
    updated: now,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(concurrency_limit !== undefined && { concurrency_limit }),
    ...(priority !== undefined && { priority }),
    ...(last_polled !== undefined && { last_polled }),
    ...(filter !== undefined && { filter: filter === null ? null : toJson(filter) }),
    ...(is_paused !== undefined && { is_paused: is_paused ? 1 : 0 }),
    // The status changes only when the pause does.
    ...(is_paused !== undefined &&
      is_paused !== (queue.status === "PAUSED") && { status: queueStatus({ isPaused: is_paused, lastPolled }, now) }),
  };
}
