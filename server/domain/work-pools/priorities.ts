/** The order in which a pool's queues are served: 1 first, gaps allowed. Source: prefect/server/models/workers.py. */

export interface Ranked {
  id: string;
  priority: number;
}

/** Where a new queue goes that asks for no place: the first free integer from 1. */
export function firstFree(priorities: readonly number[]): number {
  const taken = new Set(priorities);
  let free = 1;
  while (taken.has(free)) free += 1;
  return free;
}

/** Puts one queue at the place it asks for, and pushes later ones up as little as needed; gaps stay. `queues` are in their present
 *  order and may contain the changed one. Answers only the queues whose priority is another one now. */
export function rerank(queues: readonly Ranked[], changed: Ranked): Ranked[] {
  const order = queues.filter((queue) => queue.id !== changed.id);
  const behind = order.findIndex((queue) => queue.priority >= changed.priority);
  order.splice(behind === -1 ? order.length : behind, 0, changed);
  return spread(order, new Map(queues.map((queue) => [queue.id, queue.priority])));
}

/** Walks the order once: whoever is not above the one before goes just above it. */
function spread(order: readonly Ranked[], before: ReadonlyMap<string, number>): Ranked[] {
  const moved: Ranked[] = [];
  let last = 0;
  for (const { id, priority } of order) {
    last = priority <= last ? last + 1 : priority;
    if (before.get(id) !== last) moved.push({ id, priority: last });
  }
  return moved;
}
