import type { Context } from "../domain/context.ts";
import { setFlowRunState } from "../domain/flow-runs/set-state.ts";
import { TERMINAL } from "../domain/orchestration/state.ts";
import { setTaskRunState } from "../domain/task-runs/set-state.ts";
import { transaction } from "../domain/transaction.ts";
import { addTeardown } from "../domain/work-pools/worker-cleanups.ts";
import { lockFlowRun } from "../store/queries/runs/flow-runs.ts";
import { longCancelling, subflowsOfCancelledRuns, tasksOfCancelledRuns } from "../store/queries/runs/run-sweeps.ts";
import { lockTaskRun } from "../store/queries/runs/task-runs.ts";
import { workPoolByName } from "../store/queries/work-pools/work-pools.ts";
import { anyCleanupBefore, deleteCleanupsBefore } from "../store/queries/work-pools/worker-cleanups.ts";
import { addSeconds } from "../values/timestamp.ts";
import type { Service } from "./service.ts";

/** How long a run may stay CANCELLING. */
const PATIENCE_SECONDS = 300;
/** Children of runs that were cancelled longer ago are left alone, and older cleanups are deleted. */
const MEMORY_SECONDS = 86_400;
/** Runs per write: bounds how long other writes wait. */
const AT_ONCE = 50;

const PARENT = "The parent flow run was cancelled.";

/** Cancels runs that stay CANCELLING too long, and children of cancelled runs. Grandchildren follow in later passes. */
export const cancellation: Service = {
  name: "cancellation",
  everySeconds: 20,
  async run(context, signal) {
    await endLongCancelling(context, signal);
    await endTasks(context, signal);
    await endSubflows(context, signal);
    await forgetCleanups(context, signal);
  },
};

async function endLongCancelling(context: Context, signal: AbortSignal | undefined): Promise<void> {
  while (!signal?.aborted) {
    const since = addSeconds(context.clock.now(), -PATIENCE_SECONDS);
    const ids = await longCancelling(context.store.db, since, AT_ONCE);
    const poolIds = await transaction(context, async (context, tx) => {
      const poolIds = new Set<string>();
      for (const id of ids) {
        const run = await lockFlowRun(tx, id);
        if (run?.state_type !== "CANCELLING" || (run.state_timestamp ?? "") > since) continue;
        const message = "Flow run cancellation timed out; marked this flow run as Cancelled.";
        const { status } = await setFlowRunState(context, tx, id, { state: { type: "CANCELLED", message } });
        // Its infrastructure may still exist: nobody reported that it has stopped.
        const pool = run.work_pool_name === null ? undefined : await workPoolByName(tx, run.work_pool_name);
        if (status === "ACCEPT" && pool !== undefined && (await addTeardown(context, tx, run, pool))) {
          poolIds.add(pool.id);
        }
      }
      return poolIds;
    });
    context.bus.publish(
      "cleanups",
      [...poolIds].map((poolId) => ({ poolId })),
    );
    if (ids.length < AT_ONCE) return;
  }
}

async function endTasks(context: Context, signal: AbortSignal | undefined): Promise<void> {
  while (!signal?.aborted) {
    const since = addSeconds(context.clock.now(), -MEMORY_SECONDS);
    const ids = await tasksOfCancelledRuns(context.store.db, since, AT_ONCE);
    await transaction(context, async (context, tx) => {
      for (const id of ids) {
        const run = await lockTaskRun(tx, id);
        if (run === undefined || (run.state_type !== null && TERMINAL.has(run.state_type))) continue;
        await setTaskRunState(context, tx, id, { state: { type: "CANCELLED", message: PARENT }, force: true });
      }
    });
    if (ids.length < AT_ONCE) return;
  }
}

async function endSubflows(context: Context, signal: AbortSignal | undefined): Promise<void> {
  while (!signal?.aborted) {
    const since = addSeconds(context.clock.now(), -MEMORY_SECONDS);
    const runs = await subflowsOfCancelledRuns(context.store.db, since, AT_ONCE);
    await transaction(context, async (context, tx) => {
      for (const { id, deployment_id } of runs) {
        const run = await lockFlowRun(tx, id);
        if (run === undefined || (run.state_type !== null && TERMINAL.has(run.state_type))) continue;
        // A deployed run must be stopped by its worker.
        const type = deployment_id === null ? "CANCELLED" : "CANCELLING";
        await setFlowRunState(context, tx, id, { state: { type, message: PARENT }, force: true });
      }
    });
    if (runs.length < AT_ONCE) return;
  }
}

async function forgetCleanups({ store, clock }: Context, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return;
  const before = addSeconds(clock.now(), -MEMORY_SECONDS);
  if (await anyCleanupBefore(store.db, before)) await store.write((tx) => deleteCleanupsBefore(tx, before));
}
