import { queueOrder as contract } from "../../schema/contracts/queue-order.ts";
import { hasUnknown, type Json } from "../../schema/json.ts";
import type { Lifecycle } from "../engine/lifecycle.ts";
import { EngineError } from "../engine/types.ts";
import { QueueDeclarations } from "./queues/queue-declarations.ts";
import { assertRanks, poolLockKey, queuesOf } from "./queues/ranks.ts";
import { importTarget } from "./rest/import-id.ts";

/** No object of the server: the order of a pool's queues, read from and written to their priorities. The live value is the
 *  order up to the last named queue, others in between included, so that a foreign queue there shows as drift. */
export const queueOrder: Lifecycle<typeof contract> = {
  contract,
  readBeforeCreate: true,
  deleteIsNoop: true,
  existsImplicitly: async () => true,
  lockKey: poolLockKey,

  async read(scope, target) {
    const pool = String(target.key?.workPool);
    const served = (await queuesOf(scope, pool))?.map(({ live }) => live.name);
    if (served === undefined) return undefined;
    const named = names(target.declared?.queues);
    const last = Math.max(...named.map((name) => served.indexOf(name)));
    const queues = named.length === 0 ? served : served.slice(0, last + 1);
    return { id: pool, uuid: undefined, live: { workPool: pool, queues }, outputs: {} };
  },

  async create(_scope, { workPool }) {
    throw new EngineError(
      `The work pool "${workPool}" does not exist`,
      "Nothing was ordered. If the pool is in the same program, refer to it as `pool.name`, so that it is made first.",
    );
  },

  async update(scope, { id: pool }, _send, { queues }) {
    const existing = new Set((await queuesOf(scope, pool))?.map(({ live }) => live.name));
    const missing = queues.filter((name) => !existing.has(name));
    if (missing.length > 0) {
      throw new EngineError(
        `The pool "${pool}" has no queue ${missing.map((name) => JSON.stringify(name)).join(", ")}`,
        "Nothing was ordered. If the queues are in the same program, refer to each as `queue.name`, so that it is made before it is ordered.",
      );
    }
    scope.shared.of(QueueDeclarations).recordAppliedOrder(pool, queues);
    await assertRanks(scope, pool);
    return undefined;
  },

  async remove() {},

  importTarget: (id) => importTarget(contract, id, { uuid: false }),

  recordDeclared(shared, { workPool, queues }) {
    if (typeof workPool !== "string" || queues === undefined || hasUnknown(queues)) return [];
    const message = shared.of(QueueDeclarations).declareOrder(workPool, names(queues as Json));
    return message === undefined ? [] : [{ rule: "priority/conflict", severity: "error", path: ["queues"], message }];
  },

  recordApplied(shared, { workPool, queues }) {
    if (queues === undefined) return;
    shared.of(QueueDeclarations).recordAppliedOrder(workPool, queues);
  },
};

function names(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
