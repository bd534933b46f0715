import { type FlowRun, flowRunsById } from "../../store/queries/runs/flow-runs.ts";
import { type Due, type PolledQueue, polledQueues, waitingInQueue } from "../../store/queries/runs/waiting-runs.ts";
import {
  OCCUPYING_BY_ID,
  slotsInUseByQueue,
  slotsInUseInPool,
  total,
} from "../../store/queries/work-pools/pool-slots.ts";
import type { Db } from "../../store/store.ts";
import type { FlowRunRow } from "../../store/tables/flow-runs.ts";
import type { WorkPoolRow, WorkQueueRow } from "../../store/tables/work-pools.ts";
import { ApiError } from "../api-error.ts";

/** Which scheduled runs a poll returns. It claims nothing: a worker claims a run by setting it PENDING, if there is a slot then
 *  (reached-limit.ts).
 *  Source: prefect/server/database/sql/sqlite/get-runs-from-worker-queues.sql.jinja. */

/** Most runs that one queue, and one pool, returns at once. */
const MOST_AT_ONCE = 1000;

export interface Polled {
  runs: FlowRunRow[];
  /** The polled queues. */
  queues: PolledQueue[];
}

/** The runs of a pool that are due and have a slot: strictly by the priority of their queues, then by time.
 *  No names: all queues. Throws: ApiError `not_found` for a queue. */
export async function pollPool(
  db: Db,
  pool: WorkPoolRow,
  request: { queueNames: readonly string[]; due: Due; most: number },
): Promise<Polled> {
  const all = await polledQueues(db, pool.id, request.due);
  const queues = request.queueNames.length === 0 ? all : request.queueNames.map((name) => queueNamed(all, pool, name));
  if (pool.is_paused === 1) return { runs: [], queues };
  const names = new Set(queues.map((queue) => queue.id));
  const open = all.filter((queue) => names.has(queue.id) && queue.is_paused === 0 && queue.due !== null);
  if (open.length === 0) return { runs: [], queues };
  const limited = pool.concurrency_limit !== null || open.some((queue) => queue.concurrency_limit !== null);
  const inUse = limited ? await slotsInUseInPool(db, pool.id) : new Map<string, number>();
  let left = Math.min(free(pool.concurrency_limit, total(inUse)), request.most);
  const runs: FlowRunRow[] = [];
  for (const peers of byPriority(open)) {
    if (left <= 0) break;
    const found: FlowRunRow[] = [];
    for (const queue of peers) {
      const most = Math.min(free(queue.concurrency_limit, inUse.get(queue.id) ?? 0), left);
      if (most > 0) found.push(...(await waitingInQueue(db, queue.id, request.due, most)));
    }
    const chosen = peers.length === 1 ? found : earliest(found, left);
    runs.push(...chosen);
    left -= chosen.length;
  }
  return { runs, queues };
}

function queueNamed(queues: readonly PolledQueue[], pool: WorkPoolRow, name: string): PolledQueue {
  const queue = queues.find((one) => one.name === name);
  if (queue === undefined) throw new ApiError("not_found", `Work pool queue '${pool.name}/${name}' not found.`);
  return queue;
}

function free(limit: number | null, inUse: number): number {
  return limit === null ? MOST_AT_ONCE : Math.min(MOST_AT_ONCE, Math.max(0, limit - inUse));
}

/** Queues of one priority together; queues come in the order of theirs. */
function byPriority(queues: readonly PolledQueue[]): PolledQueue[][] {
  const groups: PolledQueue[][] = [];
  for (const queue of queues) {
    const group = groups.at(-1);
    if (group?.[0]?.priority === queue.priority) group.push(queue);
    else groups.push([queue]);
  }
  return groups;
}

function earliest(runs: FlowRunRow[], most: number): FlowRunRow[] {
  const time = (run: FlowRunRow) => run.next_scheduled_start_time ?? "";
  return runs.sort((a, b) => (time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : 0)).slice(0, most);
}

/** The due runs of one queue that have a slot, as on the deprecated route: by the queue's own limit, which CANCELLING runs count against, too.
 *  (Prefect goes by the queue's name, and so mixes queues of all pools.) */
export async function pollQueue(db: Db, queue: WorkQueueRow, due: Due, most: number): Promise<FlowRun[]> {
  if (queue.is_paused === 1) return [];
  const limited = queue.concurrency_limit !== null;
  const inUse = limited ? ((await slotsInUseByQueue(db, [queue.id], OCCUPYING_BY_ID)).get(queue.id) ?? 0) : 0;
  const rows = await waitingInQueue(db, queue.id, due, Math.min(free(queue.concurrency_limit, inUse), most));
  const runs = new Map(
    (
      await flowRunsById(
        db,
        rows.map((row) => row.id),
      )
    ).map((run) => [run.id, run]),
  );
  return rows.flatMap((row) => runs.get(row.id) ?? []);
}
