import type { RelatedFilters } from "../../store/filters/related.ts";
import { listFlowRuns } from "../../store/queries/runs/flow-run-lists.ts";
import { deleteFlowRuns, type FlowRun, flowRunsById, lockFlowRun } from "../../store/queries/runs/flow-runs.ts";
import { lockRows } from "../../store/sql/lock-rows.ts";
import type { Db } from "../../store/store.ts";
import { ApiError } from "../api-error.ts";
import { endLease } from "../concurrency-limits/leases.ts";
import type { Context } from "../context.ts";
import { forgetLogs } from "../logs.ts";
import { mayHoldSlot } from "../orchestration/flow-run-rules/holding-slots.ts";
import { stateOf } from "../orchestration/state.ts";

/** Throws: ApiError `not_found`. */
export async function removeFlowRun(context: Context, id: string): Promise<void> {
  await context.store.write(async (tx) => {
    const run = await lockFlowRun(tx, id);
    if (run === undefined) throw new ApiError("not_found", "Flow run not found");
    await freeSlot(context, tx, run);
    await deleteFlowRuns(tx, [id]);
  });
  forgetLogs(context, "flow_run_id", [id]);
}

/** Deletes the newest matching runs. Returns their ids. */
export async function removeFlowRuns(context: Context, filters: RelatedFilters, most: number): Promise<string[]> {
  const removed = await context.store.write(async (tx) => {
    const ids = (await listFlowRuns(tx, filters, "ID_DESC", { limit: most, offset: 0 })).map((run) => run.id);
    await lockRows(tx, "flow_run", ids);
    for (const run of await flowRunsById(tx, ids)) await freeSlot(context, tx, run);
    await deleteFlowRuns(tx, ids);
    return ids;
  });
  forgetLogs(context, "flow_run_id", removed);
  return removed;
}

async function freeSlot(context: Context, tx: Db, run: FlowRun): Promise<void> {
  const state = stateOf(run);
  const lease = mayHoldSlot(state) ? state?.state_details.deployment_concurrency_lease_id : null;
  if (lease != null) await endLease(context, tx, lease);
}
