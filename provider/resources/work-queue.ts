import { workQueue as contract } from "../../schema/contracts/work-queue.ts";
import type { JsonObject } from "../../schema/json.ts";
import type { WorkQueueAnswer } from "../client/api.ts";
import { PrefectError } from "../client/errors/prefect-error.ts";
import type { Lifecycle, RemoteObject } from "../engine/lifecycle.ts";
import { EngineError } from "../engine/types.ts";
import { deploymentsOf } from "./deployments-of.ts";
import { importTarget, keyText } from "./import-id.ts";
import { assertRanks, poolLockKey } from "./queue-ranks.ts";
import { fromApi, toApi } from "./wire.ts";

/** The description the server gives to the queue it makes with each pool. */
const DEFAULT_QUEUE_DESCRIPTION = "The work pool's default queue.";

/** Source: /work_pools/{pool}/queues (prefect/server/api/workers.py) and, by UUID, /work_queues/{id}. The name can change, so
 *  the id is the UUID. */
export const workQueue: Lifecycle = {
  contract,
  lockKey: poolLockKey,

  async read({ api, call }, target) {
    const pool = target.key === undefined ? undefined : keyText(target.key, "workPool");
    const answer =
      target.uuid === undefined
        ? await api.workQueues.read(pool ?? "", keyText(target.key, "name"), call)
        : await api.workQueues.readById(target.uuid, call);
    if (answer === undefined || (target.uuid === undefined && answer.work_pool_name === undefined)) return undefined;
    return seenAs(answer, pool);
  },

  async create(scope, values) {
    const { workPool, ...own } = values;
    const pool = String(workPool);
    try {
      return seenAs(await scope.api.workQueues.create(pool, toApi(contract, own), scope.call), pool);
    } catch (error) {
      if (error instanceof PrefectError && error.code === "not_found") {
        throw new EngineError(
          `The work pool "${pool}" does not exist`,
          "The queue was not made. If the pool is in the same program, refer to it as `pool.name`, so that it is made first.",
          { cause: error },
        );
      }
      throw error;
    }
  },

  async update({ api, call, declarations: program }, seen, send) {
    const pool = keyText(seen.live, "workPool");
    const name = keyText(seen.live, "name");
    await api.workQueues.update(pool, name, toApi(contract, send), call);
    if (send.name !== undefined) program.forgetQueue(pool, name);
  },

  async remove(scope, seen, state, born) {
    const pool = keyText(seen.live, "workPool");
    const name = keyText(seen.live, "name");
    if (born) {
      const send = restoring(seen, state);
      if (Object.keys(send).length > 0)
        await scope.api.workQueues.update(pool, name, toApi(contract, send), scope.call);
    } else {
      await scope.api.workQueues.remove(pool, name, scope.call);
    }
    scope.declarations.forgetQueue(pool, name);
  },

  importTarget: (id) => importTarget(contract, id, { uuid: true }),

  /** The default queue exists from the pool's birth, whatever its name is now. */
  async born({ api, call }, seen) {
    const pool = await api.workPools.read(keyText(seen.live, "workPool"), call);
    return pool?.default_queue_id === seen.uuid;
  },

  recordDeclared(program, declared) {
    const { workPool, name, priority } = declared;
    if (typeof workPool !== "string" || typeof name !== "string") return [];
    const message = program.declarePriority(workPool, name, typeof priority === "number" ? priority : undefined);
    return message === undefined ? [] : [{ rule: "priority/conflict", severity: "error", path: ["priority"], message }];
  },

  recordApplied(program, declared) {
    const { priority } = declared;
    program.recordAppliedPriority(
      keyText(declared, "workPool"),
      keyText(declared, "name"),
      typeof priority === "number" ? priority : undefined,
    );
  },

  async afterWrite(scope, declared, wrote) {
    if (!wrote.created && !wrote.fields.includes("priority") && !wrote.fields.includes("name")) return;
    workQueue.recordApplied?.(scope.declarations, declared);
    await assertRanks(scope, keyText(declared, "workPool"));
  },

  usedBy: (scope, seen) => deploymentsOf(scope, { work_pool_queues: { id: { any_: [seen.id] } } }),
};

/** The default queue cannot be deleted: what was applied, and still is as applied, gets its birth value back. Never its place. */
function restoring(seen: RemoteObject, state: JsonObject): JsonObject {
  const birth: JsonObject = { description: DEFAULT_QUEUE_DESCRIPTION, isPaused: false, concurrencyLimit: null };
  const applied = Object.keys(birth).filter((field) => {
    const value = state[field];
    return value !== undefined && value !== null && value === seen.live[field] && value !== birth[field];
  });
  return Object.fromEntries(applied.map((field) => [field, birth[field] ?? null]));
}

function seenAs(answer: WorkQueueAnswer, pool: string | undefined): RemoteObject {
  const live = fromApi(contract, { ...answer, work_pool_name: answer.work_pool_name ?? pool });
  return { id: answer.id, uuid: answer.id, live, outputs: { workQueueId: answer.id, created: answer.created } };
}
