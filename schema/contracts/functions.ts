import { z } from "zod";
import { defineFunction, defineLookup, type FunctionContract, type Result, resultsOf } from "../define.ts";
import { document, limit, poolName, timestamp } from "./types.ts";
import { workPool } from "./work-pool.ts";
import { workQueue } from "./work-queue.ts";

const status = {
  type: z.string().optional(),
  doc: "`READY`, `NOT_READY` or `PAUSED`, by whether workers have asked for work lately.",
};

export const getWorkPool = defineLookup(workPool, {
  name: "getWorkPool",
  doc: "Reads a work pool as it is now on the server, with what changes by itself (status, slots in use).",
  adds: {
    status,
    activeSlots: { type: limit.optional(), doc: "Slots in use; absent when the pool has no limit." },
  },
});

const queueInfo = {
  ...resultsOf(workQueue),
  status,
  lastPolled: { type: timestamp.optional(), doc: "When a worker last asked for work." },
};

export const getWorkQueues = defineFunction({
  name: "getWorkQueues",
  doc: "Lists the queues of a work pool in the order they are served.",
  inputs: { workPool: { type: poolName, doc: "Name of the pool.", required: true } },
  outputs: {
    queues: {
      type: z.array(described(queueInfo).meta({ id: "WorkQueueInfo" })),
      doc: "The queues, the one served first at the front.",
    },
  },
});

export const getDefaultJobTemplate = defineFunction({
  name: "getDefaultJobTemplate",
  doc: "The default base job template of a worker type, pinned by Prefect version and bundled: it is never fetched, and does not change under a program.",
  inputs: {
    type: { type: z.string(), doc: "Worker type, for instance `process` or `kubernetes`.", required: true },
    version: {
      type: z.string(),
      doc: "Minor version of Prefect whose default is wanted. Default `3.8`.",
      required: false,
    },
  },
  outputs: { template: { type: document, doc: "The template." } },
});

export const functions: readonly FunctionContract[] = [getWorkPool, getWorkQueues, getDefaultJobTemplate];

/** The results of a function as the type of one item of a list. */
function described(results: Readonly<Record<string, Result>>): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(Object.entries(results).map(([name, { type, doc }]) => [name, type.describe(doc)])),
  );
}

export { queueInfo };
