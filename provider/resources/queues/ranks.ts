import { workQueue } from "../../../schema/contracts/work-queue.ts";
import type { FieldValues } from "../../../schema/define.ts";
import { path } from "../../client/index.ts";
import type { RemoteObject, Scope } from "../../engine/lifecycle.ts";
import { listObjects } from "../rest/rest-lifecycle.ts";
import { QueueDeclarations } from "./queue-declarations.ts";

/** The queues of a pool, the one served first at the front; `undefined` when there is no such pool. */
export async function queuesOf(scope: Scope, pool: string): Promise<RemoteObject<typeof workQueue>[] | undefined> {
  const at = path`/work_pools/${pool}/queues/filter`;
  const queues = await listObjects(scope, workQueue, at, { known: { workPool: pool } });
  return queues?.sort((a, b) => priorityOf(a) - priorityOf(b));
}

/** Writes to the queues of one pool share this key: priorities are shared, and arrival order matters. */
export function poolLockKey(values: { [key: string]: unknown }): string | undefined {
  return typeof values.workPool === "string" ? `queues of ${values.workPool}` : undefined;
}

/** Puts every queue back where this process knows it is declared to be, in ascending order: setting a priority moves only queues that
 *  come later, so what is set first stays. Must run under the pool's lock. */
export async function assertRanks(scope: Scope, pool: string): Promise<void> {
  const { priorities, order } = scope.shared.of(QueueDeclarations).appliedIn(pool);
  if (priorities.size === 0 && order === undefined) return;
  let queues = await queuesOf(scope, pool);
  if (queues === undefined) return;
  for (const [name, priority] of ranksToAssert(queues, priorities, order)) {
    if (queues.some(({ live }) => live.name === name && live.priority === priority)) continue;
    await scope.api.update(path`/work_pools/${pool}/queues/${name}`, { priority }, scope.call);
    queues = (await queuesOf(scope, pool)) ?? [];
  }
}

type Queue = RemoteObject<typeof workQueue>;

/** Ascending. An order that already holds needs nothing: its numbers are free. */
function ranksToAssert(
  queues: readonly Queue[],
  priorities: ReadonlyMap<string, number>,
  order: readonly string[] | undefined,
): [string, number][] {
  const existing = new Set(queues.map(({ live }) => live.name));
  const ranks: [string, number][] = [];
  if (order?.every((name) => existing.has(name)) === true && !holds(queues, order)) {
    ranks.push(...order.map((name, index): [string, number] => [name, index + 1]));
  }
  for (const [name, priority] of priorities) if (existing.has(name)) ranks.push([name, priority]);
  return ranks.sort((a, b) => a[1] - b[1]);
}

/** Whether the first queues are those of the order, and no two of them share a priority. */
function holds(queues: readonly Queue[], order: readonly string[]): boolean {
  const distinct = new Set(queues.slice(0, order.length + 1).map(priorityOf));
  if (distinct.size < Math.min(queues.length, order.length + 1)) return false;
  return order.every((name, index) => queues[index]?.live.name === name);
}

function priorityOf({ live }: { live: FieldValues<typeof workQueue> }): number {
  return Number(live.priority);
}
