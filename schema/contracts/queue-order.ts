import { z } from "zod";
import { defineResource, field } from "../define.ts";
import { poolName, queueName } from "./types.ts";

const queues = z
  .array(queueName)
  .min(1, { error: "must name at least one queue" })
  .refine((names) => new Set(names).size === names.length, {
    error: "must name each queue once",
    params: { rule: "order/duplicate" },
  });

export const queueOrder = defineResource({
  kind: "QueueOrder",
  doc: "The order in which the queues of a pool are served. It owns the order of the queues it names; queues it does not name come after them, in the order they had. Removing the resource changes nothing on the server.",
  importId: "the pool's name",
  naturalKey: ["workPool"],
  fields: {
    workPool: field(poolName, {
      doc: "Name of the pool.",
      required: true,
      onChange: "replace",
      apiName: "work_pool_name",
    }),
    queues: field(queues, {
      doc: "Names of queues, the one served first at the front. Refer to them as `queue.name`, so that they exist before they are ordered. The named queues must not declare a `priority` of their own.",
      required: true,
    }),
  },
});
