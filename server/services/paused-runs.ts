import { setFlowRunState } from "../domain/flow-runs/set-state.ts";
import { stateOf } from "../domain/orchestration/state.ts";
import { transaction } from "../domain/transaction.ts";
import { lockFlowRun } from "../store/queries/runs/flow-runs.ts";
import { expiredPauses } from "../store/queries/runs/run-sweeps.ts";
import type { Service } from "./service.ts";

/** Runs per write: bounds how long other writes wait. */
const AT_ONCE = 50;

/** Fails runs that were not resumed in time. */
export const pausedRuns: Service = {
  name: "paused runs",
  everySeconds: 5,
  async run(context, signal) {
    while (!signal?.aborted) {
      const now = context.clock.now();
      const ids = await expiredPauses(context.store.db, now, AT_ONCE);
      await transaction(context, async (context, tx) => {
        for (const id of ids) {
          const run = await lockFlowRun(tx, id);
          const state = run === undefined ? null : stateOf(run);
          const timeout = state?.type === "PAUSED" ? state.state_details.pause_timeout : null;
          if (timeout === null || timeout >= now) continue;
          const message = "The flow was paused and never resumed.";
          await setFlowRunState(context, tx, id, { state: { type: "FAILED", message }, force: true });
        }
      });
      if (ids.length < AT_ONCE) return;
    }
  },
};
