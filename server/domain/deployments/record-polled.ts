import { deploymentsNotPolledSince, markDeploymentsPolled } from "../../store/queries/deployment-polls.ts";
import { addSeconds } from "../../values/timestamp.ts";
import type { Context } from "../context.ts";
import { transaction } from "../transaction.ts";

/** Polls closer than this are not recorded. */
const PRECISION_SECONDS = 1;

/** Records, after the response, that a process polled for the runs of these deployments: they are ready. */
export function recordDeploymentsPolled(context: Context, deploymentIds: readonly string[]): void {
  if (deploymentIds.length === 0) return;
  context.background.run(`served ${deploymentIds.join()}`, () =>
    transaction(context, async ({ clock, changes }, tx) => {
      const now = clock.now();
      const rows = await deploymentsNotPolledSince(tx, deploymentIds, addSeconds(now, -PRECISION_SECONDS));
      await markDeploymentsPolled(
        tx,
        rows.map(({ id }) => id),
        now,
      );
      for (const before of rows) {
        if (before.status === "READY") continue;
        const after = { ...before, status: "READY", last_polled: now } as const;
        changes.report({ kind: "deployment", object: { before, after } });
      }
    }),
  );
}
