// Generated from schema/contracts/kinds.ts by `npm run gen`. Do not edit.
import type { ResourceContract } from "../define.ts";
import { workPool } from "./work-pool.ts";
import { workQueue } from "./work-queue.ts";
import { queueOrder } from "./queue-order.ts";
import { baseJobTemplate } from "./base-job-template.ts";
import { globalConcurrencyLimit } from "./global-concurrency-limit.ts";
import { tagConcurrencyLimit } from "./tag-concurrency-limit.ts";

export { workPool, workQueue, queueOrder, baseJobTemplate, globalConcurrencyLimit, tagConcurrencyLimit };

/** Every resource, in the order of the documentation. */
export const contracts: readonly ResourceContract[] = [workPool, workQueue, queueOrder, baseJobTemplate, globalConcurrencyLimit, tagConcurrencyLimit];
