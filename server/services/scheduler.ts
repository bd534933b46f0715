import type { Context } from "../domain/context.ts";
import { dueAgain, scheduleRuns, usualHorizon } from "../domain/deployments/schedule-runs.ts";
import type { Schedule } from "../domain/schedules/schedule.ts";
import { transaction } from "../domain/transaction.ts";
import {
  dueDeployments,
  dueSchedules,
  LONGEST_REST_SECONDS,
  setScheduleDue,
} from "../store/queries/deployment-schedules.ts";
import { lockDeployment } from "../store/queries/deployments.ts";
import type { Db } from "../store/store.ts";
import { parseJson } from "../values/json.ts";
import { addSeconds, type Timestamp } from "../values/timestamp.ts";
import type { Service } from "./service.ts";

/** Deployments per query. */
const BATCH = 200;
/** Schedules of a deployment per write: bounds how long other writes wait. */
const AT_ONCE = 20;
/** When a failed schedule is retried. */
const RETRY_SECONDS = 60;

/** Creates the runs of schedules. Each schedule stores when it is due next: a pass costs what is due, however many deployments there are, so
 *  one pass does what Prefect's two loops do.
 *
 *  Runs are created in one write that locks their deployment, as every change of a deployment does: so no run of an old schedule can appear
 *  after the change. Missed times are skipped. */
export const scheduler: Service = {
  name: "scheduler",
  everySeconds: 5,
  async run(context, signal) {
    while (!signal?.aborted) {
      const due = await dueDeployments(context.store.db, context.clock.now(), BATCH);
      for (const id of due) {
        if (signal?.aborted) return;
        try {
          while (
            !signal?.aborted &&
            (await transaction(context, (context, tx) => scheduleDeployment(context, tx, id)))
          );
        } catch (err) {
          context.log.error({ err, deploymentId: id }, "scheduling a deployment failed");
          await context.store.write((tx) => postpone(tx, id, context.clock.now()));
        }
      }
      if (due.length < BATCH) return;
    }
  },
};

/** Whether more of the deployment's schedules may be due. */
async function scheduleDeployment(context: Context, tx: Db, id: string): Promise<boolean> {
  const deployment = await lockDeployment(tx, { id });
  if (deployment === undefined) return false;
  const now = context.clock.now();
  const due = await dueSchedules(tx, id, now, AT_ONCE);
  for (const row of due) {
    const found = await scheduleRuns(context, tx, deployment, row, now, usualHorizon(now));
    const again = dueAgain(parseJson(row.schedule) as Schedule, found, now);
    const latest = addSeconds(now, LONGEST_REST_SECONDS);
    await setScheduleDue(tx, row.id, again === null || again < latest ? again : latest);
  }
  return due.length === AT_ONCE;
}

/** The schedules that may have failed. */
async function postpone(tx: Db, id: string, now: Timestamp): Promise<void> {
  for (const row of await dueSchedules(tx, id, now, AT_ONCE)) {
    await setScheduleDue(tx, row.id, addSeconds(now, RETRY_SECONDS));
  }
}
