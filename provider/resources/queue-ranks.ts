import type { WorkQueueAnswer } from "../client/api.ts";
import type { Scope } from "../engine/lifecycle.ts";

/** The key under which writes to one pool's queues wait for each other: priorities are shared, and arrival order matters. */
export function poolLockKey(values: { [key: string]: unknown }): string | undefined {
  return typeof values.workPool === "string" ? `queues of ${values.workPool}` : undefined;
}

/** Puts every queue back where this process knows it is declared to be, in ascending order: the server moves only queues that
 *  come later (prefect-api: setting a priority re-ranks the pool), so what is set first stays. Must run in the pool's turn. */
export async function assertRanks(scope: Scope, pool: string): Promise<void> {
  const { priorities, order } = scope.declarations.appliedIn(pool);
  if (priorities.size === 0 && order === undefined) return;
  let queues = await scope.api.workQueues.listOf(pool, scope.call);
  if (queues === undefined) return;
  for (const [name, priority] of wantedRanks(queues, priorities, order)) {
    if (queues.find((queue) => queue.name === name)?.priority === priority) continue;
    await scope.api.workQueues.update(pool, name, { priority }, scope.call);
    queues = (await scope.api.workQueues.listOf(pool, scope.call)) ?? [];
  }
}

/** What has to be asserted, ascending. An order that already holds asks for nothing: its numbers are free. */
function wantedRanks(
  queues: readonly WorkQueueAnswer[],
  priorities: ReadonlyMap<string, number>,
  order: readonly string[] | undefined,
): [string, number][] {
  const existing = new Set(queues.map((queue) => queue.name));
  const wanted: [string, number][] = [];
  if (order?.every((name) => existing.has(name)) === true && !holds(queues, order)) {
    wanted.push(...order.map((name, index): [string, number] => [name, index + 1]));
  }
  for (const [name, priority] of priorities) if (existing.has(name)) wanted.push([name, priority]);
  return wanted.sort((a, b) => a[1] - b[1]);
}

function holds(queues: readonly WorkQueueAnswer[], order: readonly string[]): boolean {
  const served = queues.toSorted((a, b) => a.priority - b.priority);
  const distinct = new Set(served.slice(0, order.length + 1).map((queue) => queue.priority));
  if (distinct.size < Math.min(served.length, order.length + 1)) return false;
  return order.every((name, index) => served[index]?.name === name);
}
