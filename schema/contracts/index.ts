import type { ResourceContract } from "../define.ts";
import { baseJobTemplate } from "./base-job-template.ts";
import { globalConcurrencyLimit } from "./global-concurrency-limit.ts";
import { queueOrder } from "./queue-order.ts";
import { tagConcurrencyLimit } from "./tag-concurrency-limit.ts";
import { workPool } from "./work-pool.ts";
import { workQueue } from "./work-queue.ts";

export { baseJobTemplate, globalConcurrencyLimit, queueOrder, tagConcurrencyLimit, workPool, workQueue };

/** Every resource, in the order of the documentation. */
export const contracts: readonly ResourceContract[] = [
  workPool,
  workQueue,
  queueOrder,
  baseJobTemplate,
  globalConcurrencyLimit,
  tagConcurrencyLimit,
];

/** The contract of a kind. Throws: Error for a kind that does not exist (a bug of ours, or a plugin older than its SDK). */
export function contractOf(kind: string): ResourceContract {
  const contract = contracts.find((candidate) => candidate.kind === kind);
  if (contract === undefined) throw new Error(`prefect-iac knows no resource of kind ${kind}`);
  return contract;
}
