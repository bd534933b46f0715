import { z } from "zod";
import { defineFunction, type FunctionContract } from "../define.ts";
import { document, limit, poolName, priority, timestamp, uuid } from "./types.ts";

const queueInfo = z
  .strictObject({
    name: z.string().describe("Name of the queue."),
    workQueueId: uuid.describe("UUID of the queue."),
    description: z.string().optional().describe("What the queue is for."),
    isPaused: z.boolean().describe("Whether the queue is paused."),
    concurrencyLimit: limit.optional().describe("Most flow runs of the queue at once; absent: no limit."),
    priority: priority.describe("Place in the order of serving: 1 is served first."),
    status: z.string().optional().describe("`READY`, `NOT_READY` or `PAUSED`."),
    lastPolled: timestamp.optional().describe("When a worker last asked for work."),
  })
  .meta({ id: "WorkQueueInfo" });

export const getWorkPool = defineFunction({
  name: "getWorkPool",
  doc: "Reads a work pool as it is now on the server, with what changes by itself (status, slots in use).",
  inputs: { name: { type: poolName, doc: "Name of the pool.", required: true } },
  outputs: {
    name: { type: z.string(), doc: "Name of the pool." },
    type: { type: z.string(), doc: "Type of worker that serves the pool." },
    workPoolId: { type: uuid, doc: "UUID of the pool." },
    defaultQueueId: { type: uuid, doc: "UUID of the queue the pool was born with." },
    description: { type: z.string().optional(), doc: "What the pool is for." },
    isPaused: { type: z.boolean(), doc: "Whether the pool is paused." },
    concurrencyLimit: { type: limit.optional(), doc: "Most flow runs at once; absent: no limit." },
    baseJobTemplate: { type: document, doc: "The base job template." },
    status: { type: z.string().optional(), doc: "`READY`, `NOT_READY` or `PAUSED`." },
    activeSlots: { type: z.int().optional(), doc: "Slots in use; absent when the pool has no limit." },
    created: { type: timestamp, doc: "When the server made the pool." },
  },
});

export const getWorkQueues = defineFunction({
  name: "getWorkQueues",
  doc: "Lists the queues of a work pool in the order they are served.",
  inputs: { workPool: { type: poolName, doc: "Name of the pool.", required: true } },
  outputs: { queues: { type: z.array(queueInfo), doc: "The queues, the one served first at the front." } },
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
