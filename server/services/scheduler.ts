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

/** Deployments looked up at once. */
const BATCH = 200;
/** Schedules of a deployment that are looked at in one write: bounds how long others wait for theirs. */
const AT_ONCE = 20;
/** How soon a schedule is tried again that failed. */
const RETRY_SECONDS = 60;

/** Makes the runs of schedules. Each schedule says itself when it is due next: a pass costs what is due, however many deployments
 *  there are, so one pass does what Prefect's two loops do, and changes of schedules count as soon as those of deployments.
 *
 *  Runs are made in one write with the lock on their deployment. Whoever changes a deployment takes the same lock: a run of what the
 *  schedule was before can't appear afterwards. Times that have passed are not made up for. */
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

/** Those that may have been at fault. */
async function postpone(tx: Db, id: string, now: Timestamp): Promise<void> {
  for (const row of await dueSchedules(tx, id, now, AT_ONCE)) {
    await setScheduleDue(tx, row.id, addSeconds(now, RETRY_SECONDS));
  }
}
