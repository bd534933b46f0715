import { setFlowRunState } from "../domain/flow-runs/set-state.ts";
import { markLateRunsPolicy } from "../domain/orchestration/flow-run-policies.ts";
import { transaction } from "../domain/transaction.ts";
import { lockFlowRun } from "../store/queries/runs/flow-runs.ts";
import { overdueRuns } from "../store/queries/runs/run-sweeps.ts";
import { addSeconds } from "../values/timestamp.ts";
import type { Service } from "./service.ts";

/** How long after its scheduled time a run is late. */
const PATIENCE_SECONDS = 15;
/** Runs per write: bounds how long other writes wait. */
const AT_ONCE = 50;

/** Marks runs late that were not started in time. Workers still get them. */
export const lateRuns: Service = {
  name: "late runs",
  everySeconds: 5,
  async run(context, signal) {
    while (!signal?.aborted) {
      const before = addSeconds(context.clock.now(), -PATIENCE_SECONDS);
      const ids = await overdueRuns(context.store.db, before, AT_ONCE);
      await transaction(context, async (context, tx) => {
        for (const id of ids) {
          const run = await lockFlowRun(tx, id);
          // It may have changed before it was locked.
          if (run?.state_type !== "SCHEDULED" || run.state_name !== "Scheduled") continue;
          const state_details = { scheduled_time: run.next_scheduled_start_time };
          const state = { type: "SCHEDULED", name: "Late", state_details } as const;
          await setFlowRunState(context, tx, id, { state, rules: markLateRunsPolicy });
        }
      });
      if (ids.length < AT_ONCE) return;
    }
  },
};
