import { queueOrder as contract } from "../../schema/contracts/queue-order.ts";
import { hasUnknown, type Json } from "../../schema/json.ts";
import type { Lifecycle } from "../engine/lifecycle.ts";
import { EngineError } from "../engine/types.ts";
import { importTarget, keyText } from "./import-id.ts";
import { assertRanks, poolLockKey } from "./queue-ranks.ts";

/** No object of the server: the order of a pool's queues, read from and written to their priorities. The live value is the
 *  order up to the last named queue, intruders included, so that a foreign queue in between shows as drift. */
export const queueOrder: Lifecycle = {
  contract,
  lockKey: poolLockKey,
  readBeforeCreate: true,
  deleteIsNoop: true,
  born: async () => true,

  async read({ api, call }, target) {
    const pool = keyText(target.key, "workPool");
    const queues = await api.workQueues.listOf(pool, call);
    if (queues === undefined) return undefined;
    const served = queues.toSorted((a, b) => a.priority - b.priority).map((queue) => queue.name);
    const named = names(target.declared?.queues);
    const last = Math.max(...named.map((name) => served.indexOf(name)));
    const order = named.length === 0 ? served : served.slice(0, last + 1);
    return { id: pool, uuid: undefined, live: { workPool: pool, queues: order }, outputs: {} };
  },

  async create(_scope, values) {
    throw new EngineError(
      `The work pool "${keyText(values, "workPool")}" does not exist`,
      "Nothing was ordered. If the pool is in the same program, refer to it as `pool.name`, so that it is made first.",
    );
  },

  async update(scope, seen, _send, declared) {
    const pool = seen.id;
    const wanted = names(declared.queues);
    const existing = new Set((await scope.api.workQueues.listOf(pool, scope.call))?.map((queue) => queue.name));
    const missing = wanted.filter((name) => !existing.has(name));
    if (missing.length > 0) {
      throw new EngineError(
        `The pool "${pool}" has no queue ${missing.map((name) => JSON.stringify(name)).join(", ")}`,
        "Nothing was ordered. If the queues are in the same program, refer to each as `queue.name`, so that it is made before it is ordered.",
      );
    }
    scope.declarations.recordAppliedOrder(pool, wanted);
    await assertRanks(scope, pool);
  },

  async remove() {},

  importTarget: (id) => importTarget(contract, id, { uuid: false }),

  recordDeclared(program, declared) {
    const { workPool, queues } = declared;
    if (typeof workPool !== "string" || queues === undefined || hasUnknown(queues)) return [];
    const message = program.declareOrder(workPool, names(queues as Json));
    return message === undefined ? [] : [{ rule: "priority/conflict", severity: "error", path: ["queues"], message }];
  },

  recordApplied(program, declared) {
    program.recordAppliedOrder(keyText(declared, "workPool"), names(declared.queues));
  },
};

function names(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
