import { equal } from "../../../schema/json.ts";

/** What this process has seen the program declare about the order of a pool's queues. It finds contradictions, and it knows what to
 *  write again after a write that moved others. */
export class QueueDeclarations {
  readonly #priorities = new Map<string, Map<string, number>>();
  readonly #orders = new Map<string, readonly string[]>();
  readonly #appliedPriorities = new Map<string, Map<string, number>>();
  readonly #appliedOrders = new Map<string, readonly string[]>();

  /** Returns what contradicts it, as a message without the field's name; `undefined` when nothing does. */
  declarePriority(pool: string, queue: string, priority: number | undefined): string | undefined {
    const priorities = mapIn(this.#priorities, pool);
    if (priority === undefined) {
      priorities.delete(queue);
      return undefined;
    }
    priorities.set(queue, priority);
    for (const [other, taken] of priorities) {
      if (other !== queue && taken === priority) {
        return `is also declared by the queue "${other}" of the same pool: two queues cannot have one place. Use different numbers, or a QueueOrder`;
      }
    }
    const order = this.#orders.get(pool);
    return order === undefined ? undefined : contradiction(queue, priority, order);
  }

  /** As `declarePriority`. */
  declareOrder(pool: string, queues: readonly string[]): string | undefined {
    const other = this.#orders.get(pool);
    if (other !== undefined && !equal([...other], [...queues])) {
      return "is declared by another QueueOrder of the same pool: keep one of them";
    }
    this.#orders.set(pool, queues);
    for (const [queue, priority] of this.#priorities.get(pool) ?? []) {
      const found = contradiction(queue, priority, queues);
      if (found !== undefined) return `contradicts the queue "${queue}": its priority ${found}`;
    }
    return undefined;
  }

  /** This priority holds on the server: a write that moves the queue must put it back. */
  recordAppliedPriority(pool: string, queue: string, priority: number | undefined): void {
    const applied = mapIn(this.#appliedPriorities, pool);
    if (priority === undefined) applied.delete(queue);
    else applied.set(queue, priority);
  }

  /** As `recordAppliedPriority`. */
  recordAppliedOrder(pool: string, queues: readonly string[]): void {
    this.#appliedOrders.set(pool, queues);
  }

  forgetQueue(pool: string, queue: string): void {
    this.#priorities.get(pool)?.delete(queue);
    this.#appliedPriorities.get(pool)?.delete(queue);
  }

  appliedIn(pool: string): { priorities: ReadonlyMap<string, number>; order: readonly string[] | undefined } {
    return { priorities: this.#appliedPriorities.get(pool) ?? new Map(), order: this.#appliedOrders.get(pool) };
  }
}

function contradiction(queue: string, priority: number, order: readonly string[]): string | undefined {
  if (order.includes(queue)) {
    return "cannot be declared, for a QueueOrder names the queue and owns its place: remove the line";
  }
  if (priority <= order.length) {
    return `lies among the first ${order.length}, which a QueueOrder of the pool gives to others: use a higher number, or name the queue in the order`;
  }
  return undefined;
}

function mapIn<V>(maps: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const existing = maps.get(key);
  if (existing !== undefined) return existing;
  const map = new Map<string, V>();
  maps.set(key, map);
  return map;
}
