import type { FlowRun } from "../../store/queries/runs/flow-runs.ts";
import { limitsOfQueue, slotsInUseInPool, total } from "../../store/queries/work-pools/pool-slots.ts";
import { lockRows } from "../../store/sql/lock-rows.ts";
import type { Db } from "../../store/store.ts";
import type { FlowRunTransition } from "../orchestration/flow-run-transition.ts";
import type { ProposedState, State } from "../orchestration/state.ts";

/** Which limit a scheduled run that becomes PENDING would exceed; null: none, or the transition needs no slot. The pool is locked until the
 *  write ends, so that two runs can't take the same slot. */
export async function reachedLimit(
  tx: Db,
  run: FlowRun,
  current: State | null,
  proposed: ProposedState,
): Promise<FlowRunTransition["reachedLimit"]> {
  const { work_queue_id, work_pool_id } = run;
  if (proposed.type !== "PENDING" || current?.type !== "SCHEDULED") return null;
  if (work_queue_id === null || work_pool_id === null) return null;
  const limits = await limitsOfQueue(tx, work_queue_id);
  if (limits === undefined || (limits.pool === null && limits.queue === null)) return null;
  await lockRows(tx, "work_pool", [work_pool_id]);
  const inUse = await slotsInUseInPool(tx, work_pool_id);
  if (limits.pool !== null && total(inUse) >= limits.pool) return "pool";
  if (limits.queue !== null && (inUse.get(work_queue_id) ?? 0) >= limits.queue) return "queue";
  return null;
}
