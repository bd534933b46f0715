import { workQueue as contract } from "../../schema/contracts/work-queue.ts";
import type { FieldValues } from "../../schema/define.ts";
import type { JsonObject } from "../../schema/json.ts";
import { PrefectError, path } from "../client/index.ts";
import type { RemoteObject, Scope } from "../engine/lifecycle.ts";
import { EngineError } from "../engine/types.ts";
import { deploymentNames } from "./deployments.ts";
import { QueueDeclarations } from "./queues/queue-declarations.ts";
import { assertRanks, poolLockKey } from "./queues/ranks.ts";
import { restLifecycle } from "./rest/rest-lifecycle.ts";
import { workPool } from "./work-pool.ts";

/** The description the server gives to the queue it makes with each pool. */
const DEFAULT_QUEUE_DESCRIPTION = "The work pool's default queue.";

/** Source: /work_pools/{pool}/queues (prefect/server/api/workers.py) and, by UUID, /work_queues/{id}. */
const plain = restLifecycle(contract, {
  collection: ({ workPool }) => path`/work_pools/${workPool}/queues`,
  byKey: ({ workPool, name }) => path`/work_pools/${workPool}/queues/${name}`,
  byUuid: (id) => path`/work_queues/${id}`,
  write: ({ uuid = "" }) => path`/work_queues/${uuid}`,
  inPath: ["workPool"],
});

export const workQueue: typeof plain = {
  ...plain,
  lockKey: poolLockKey,

  async create(scope, values) {
    try {
      return await plain.create(scope, values);
    } catch (error) {
      if (!(error instanceof PrefectError) || error.code !== "not_found") throw error;
      throw new EngineError(
        `The work pool "${values.workPool}" does not exist`,
        "The queue was not made. If the pool is in the same program, refer to it as `pool.name`, so that it is made first.",
        { cause: error },
      );
    }
  },

  /** By UUID; but only the route by name moves the other queues when a priority is set. */
  async update(scope, object, send, declared) {
    const { priority, ...others } = send;
    if (Object.keys(others).length > 0) await plain.update(scope, object, others, declared);
    if (priority !== undefined) {
      const { workPool, name } = object.live;
      const now = typeof others.name === "string" ? others.name : name;
      await scope.api.update(path`/work_pools/${workPool}/queues/${now}`, { priority }, scope.call);
    }
    if (send.name !== undefined) forget(scope, object);
    return undefined;
  },

  async remove(scope, object, state, implicit) {
    if (implicit) {
      const send = restoring(object, state);
      if (Object.keys(send).length > 0) await plain.update(scope, object, send, object.live);
    } else {
      await plain.remove(scope, object, state, implicit);
    }
    forget(scope, object);
  },

  /** The server makes the default queue with the pool, whatever the queue's name is now. */
  async existsImplicitly(scope, { uuid, live }) {
    const pool = await workPool.read(scope, { key: { name: live.workPool } });
    return pool?.outputs.defaultQueueId === uuid;
  },

  recordDeclared(shared, { workPool, name, priority }) {
    if (typeof workPool !== "string" || typeof name !== "string") return [];
    const declared = typeof priority === "number" ? priority : undefined;
    const message = shared.of(QueueDeclarations).declarePriority(workPool, name, declared);
    return message === undefined ? [] : [{ rule: "priority/conflict", severity: "error", path: ["priority"], message }];
  },

  recordApplied(shared, { workPool, name, priority }) {
    const applied = typeof priority === "number" ? priority : undefined;
    shared.of(QueueDeclarations).recordAppliedPriority(workPool, name, applied);
  },

  async afterWrite(scope, declared, { created, fields }) {
    if (!created && !fields.includes("priority") && !fields.includes("name")) return;
    workQueue.recordApplied?.(scope.shared, declared);
    await assertRanks(scope, declared.workPool);
  },

  usedBy: (scope, { uuid = "" }) => deploymentNames(scope, { work_pool_queues: { id: { any_: [uuid] } } }),
};

function forget({ shared }: Scope, { live }: { live: FieldValues<typeof contract> }): void {
  shared.of(QueueDeclarations).forgetQueue(live.workPool, live.name);
}

/** The default queue cannot be deleted: what was applied, and still is as applied, gets the server's own value back. Never its place. */
function restoring({ live }: RemoteObject<typeof contract>, state: JsonObject): JsonObject {
  const own: JsonObject = { description: DEFAULT_QUEUE_DESCRIPTION, isPaused: false, concurrencyLimit: null };
  const applied = Object.keys(own).filter((field) => {
    const value = state[field];
    return value !== undefined && value !== null && value === live[field] && value !== own[field];
  });
  return Object.fromEntries(applied.map((field) => [field, own[field] ?? null]));
}
