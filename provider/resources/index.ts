import type { Lifecycle } from "../engine/lifecycle.ts";
import { baseJobTemplate } from "./base-job-template.ts";
import { globalConcurrencyLimit, tagConcurrencyLimit } from "./concurrency-limits.ts";
import { queueOrder } from "./queue-order.ts";
import { workPool } from "./work-pool.ts";
import { workQueue } from "./work-queue.ts";

export const lifecycles: readonly Lifecycle[] = [
  workPool,
  workQueue,
  queueOrder,
  baseJobTemplate,
  globalConcurrencyLimit,
  tagConcurrencyLimit,
];

/** The lifecycle of a kind. Throws: Error for a kind that does not exist (a plugin older than its SDK). */
export function lifecycleOf(kind: string): Lifecycle {
  const life = lifecycles.find((candidate) => candidate.contract.kind === kind);
  if (life === undefined)
    throw new Error(`prefect-iac knows no resource of kind ${kind}: is the plugin older than the program's package?`);
  return life;
}
