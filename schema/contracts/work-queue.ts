import { z } from "zod";
import { COMPUTED, defineResource, field, output } from "../define.ts";
import { adopt, forceDelete } from "./directives.ts";
import { limit, poolName, priority, queueName, timestamp, uuid } from "./types.ts";

export const workQueue = defineResource({
  kind: "WorkQueue",
  doc: "A work queue of a work pool: a share of the pool's work with its own limit and place in the order of serving. The queue a pool is born with can be declared too: it is taken over without asking, and never deleted.",
  importId: "`pool/queue` or the queue's UUID",
  naturalKey: ["workPool", "name"],
  identity: "workQueueId",
  fields: {
    workPool: field(poolName, {
      doc: "Name of the pool the queue belongs to.",
      required: true,
      onChange: "replace",
      apiName: "work_pool_name",
    }),
    name: field(queueName, {
      doc: "Name of the queue, unique in its pool. A change renames the queue in place: its runs and its UUID stay. Must not contain any of `/ % & < >`.",
      required: true,
      defaultsToResourceName: true,
    }),
    description: field(z.string(), {
      doc: "What the queue is for.",
      removed: { set: "" },
      serverDefault: { value: "" },
    }),
    isPaused: field(z.boolean(), {
      doc: "Whether the queue is paused: its runs wait. Leave it out, and a pause set by an operator survives every update.",
      removed: "keep",
      serverDefault: { value: false },
    }),
    concurrencyLimit: field(limit, {
      doc: "Most flow runs of this queue at once, 0 or more. Absent: no limit but the pool's.",
      removed: { set: null },
      serverDefault: { value: null },
    }),
    priority: field(priority, {
      doc: "Place in the order of serving: 1 is served first. The queues of a pool share one ranking, so setting one moves others; two queues of a pool must not declare the same number. To state the order as a list, use `QueueOrder` and leave this out.",
      removed: "keep",
      serverDefault: COMPUTED,
    }),
  },
  directives: { adopt, forceDelete },
  outputs: {
    workQueueId: output(uuid, { doc: "UUID of the queue.", apiName: "id" }),
    created: output(timestamp, { doc: "When the server made the queue." }),
  },
});
