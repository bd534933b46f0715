/** The order in which a pool's queues are served: 1 first, gaps allowed. Source: prefect/server/models/workers.py. */

export interface Ranked {
  id: string;
  priority: number;
}

/** The priority of a new queue that requests none: the first free integer from 1. */
export function firstFree(priorities: readonly number[]): number {
  const taken = new Set(priorities);
  let free = 1;
  while (taken.has(free)) free += 1;
  return free;
}

/** Gives one queue the requested priority, and moves later ones up as little as needed; gaps stay. `queues` are sorted by priority and may
 *  contain the changed one. Returns only the queues whose priority changes. */
export function rerank(queues: readonly Ranked[], changed: Ranked): Ranked[] {
  const order = queues.filter((queue) => queue.id !== changed.id);
  const behind = order.findIndex((queue) => queue.priority >= changed.priority);
  order.splice(behind === -1 ? order.length : behind, 0, changed);
  return spread(order, new Map(queues.map((queue) => [queue.id, queue.priority])));
}

/** Each queue that is not above the one before gets the next integer. */
function spread(order: readonly Ranked[], before: ReadonlyMap<string, number>): Ranked[] {
  const moved: Ranked[] = [];
  let last = 0;
  for (const { id, priority } of order) {
    last = priority <= last ? last + 1 : priority;
    if (before.get(id) !== last) moved.push({ id, priority: last });
  }
  return moved;
}
