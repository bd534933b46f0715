// Generated from schema/contracts/kinds.ts by `npm run gen`. Do not edit.
import type { Lifecycle } from "../engine/lifecycle.ts";
import { workPool } from "./work-pool.ts";
import { workQueue } from "./work-queue.ts";
import { queueOrder } from "./queue-order.ts";
import { baseJobTemplate } from "./base-job-template.ts";
import { globalConcurrencyLimit } from "./global-concurrency-limit.ts";
import { tagConcurrencyLimit } from "./tag-concurrency-limit.ts";

export const lifecycles: readonly Lifecycle[] = [workPool, workQueue, queueOrder, baseJobTemplate, globalConcurrencyLimit, tagConcurrencyLimit];
