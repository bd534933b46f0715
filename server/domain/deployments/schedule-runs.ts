import { schedulesOf } from "../../store/queries/deployment-schedules.ts";
import { type Deployment, lockDeployment } from "../../store/queries/deployments.ts";
import type { Db } from "../../store/store.ts";
import type { DeploymentScheduleRow } from "../../store/tables/deployments.ts";
import { parseJson } from "../../values/json.ts";
import { addSeconds, type Timestamp } from "../../values/timestamp.ts";
import type { Context } from "../context.ts";
import { createFlowRun } from "../flow-runs/create.ts";
import { kindOf, type Schedule } from "../schedules/schedule.ts";
import { type Horizon, nextTimes, times } from "../schedules/times.ts";
import { zonedText } from "../schedules/zone.ts";
import { transaction } from "../transaction.ts";

/** How far ahead runs are scheduled at most. */
const MOST_SECONDS = 100 * 86_400;
const HOUR = 3600;
const MIN_RUNS = 3;
const MAX_RUNS = 100;
/** When a schedule is due again that has more runs in the next hour than one pass creates. */
const CROWDED_SECONDS = 60;

/** How far ahead the scheduler creates runs. */
export function usualHorizon(now: Timestamp): Horizon {
  return { minRuns: MIN_RUNS, minSeconds: HOUR, maxRuns: MAX_RUNS, until: addSeconds(now, MOST_SECONDS) };
}

/** Creates the next runs of one schedule, inside a `transaction` that has locked the deployment. Idempotent: a run of the same schedule and
 *  time is not created twice. Returns the times. Source: prefect/server/models/
 *  deployments.py, _generate_scheduled_flow_runs. */
export async function scheduleRuns(
  context: Context,
  tx: Db,
  deployment: Deployment,
  row: DeploymentScheduleRow,
  from: Timestamp,
  horizon: Horizon,
): Promise<Timestamp[]> {
  const schedule = parseJson(row.schedule) as Schedule;
  const found = nextTimes(schedule, from, horizon);
  if (found.length === 0) return found;
  const run = {
    flow_id: deployment.flow_id,
    deployment_id: deployment.id,
    deployment_version: deployment.version,
    work_queue_id: deployment.work_queue_id,
    work_queue_name: deployment.work_queue_name,
    parameters: { ...parseJson(deployment.parameters), ...parseJson(row.parameters) },
    tags: ["auto-scheduled", ...(parseJson(deployment.tags) as string[])],
    parentLabels: parseJson(deployment.labels) as object,
    infrastructure_document_id: deployment.infrastructure_document_id,
    auto_scheduled: true,
    job_variables: {},
    created_by: { id: row.id, type: "SCHEDULE", display_value: row.slug || kindOf(schedule) },
  };
  for (const time of found) {
    await createFlowRun(context, tx, {
      ...run,
      idempotency_key: `scheduled ${deployment.id} ${row.id} ${zonedText(time, schedule.timezone ?? "UTC")}`,
      state: { type: "SCHEDULED", message: "Flow run scheduled", state_details: { scheduled_time: time } },
    });
  }
  return found;
}

/** When a schedule is due again after its runs were created: when fewer than three lie ahead, or the last one is less than an hour away, or
 *  another one comes within the horizon; but not at once. `null`: never. Pure. */
export function dueAgain(schedule: Schedule, found: readonly Timestamp[], now: Timestamp): Timestamp | null {
  const due = runningOut(schedule, found, now);
  const soon = addSeconds(now, 1);
  return due === null || due > soon ? due : soon;
}

function runningOut(schedule: Schedule, found: readonly Timestamp[], now: Timestamp): Timestamp | null {
  const last = found.at(-1);
  const enough = last !== undefined && found.length >= MIN_RUNS && last >= addSeconds(now, HOUR);
  if (enough) return earlier(found.at(-MIN_RUNS) as Timestamp, addSeconds(last, -HOUR));
  if (found.length >= MAX_RUNS) return earlier(found[MAX_RUNS / 2] as Timestamp, addSeconds(now, CROWDED_SECONDS));
  // All runs within the horizon exist. The next one may be years away.
  const horizon = addSeconds(now, MOST_SECONDS);
  for (const next of times(schedule, horizon, addSeconds(now, MOST_PATIENCE_SECONDS))) {
    if (next > horizon) return addSeconds(next, -MOST_SECONDS);
  }
  return null;
}

/** A schedule without a time for so long has ended: a little more than the longest gap of a cron expression. */
const MOST_PATIENCE_SECONDS = 60 * 366 * 86_400;

function earlier(one: Timestamp, other: Timestamp): Timestamp {
  return one < other ? one : other;
}

/** Most runs of one request, as in Prefect. */
const MOST_RUNS = 1000;

/** Creates runs of all active schedules of a deployment, paused or not, on request. Absent members are the scheduler's. An unknown deployment
 *  is no error. */
export async function scheduleDeployment(
  outer: Context,
  deploymentId: string,
  request: { [K in keyof Horizon]?: Horizon[K] | undefined } & { from: Timestamp | undefined },
): Promise<void> {
  await transaction(outer, async (context, tx) => {
    const deployment = await lockDeployment(tx, { id: deploymentId });
    if (deployment === undefined) return;
    const from = request.from ?? context.clock.now();
    const usual = usualHorizon(from);
    const horizon: Horizon = {
      minRuns: request.minRuns ?? usual.minRuns,
      minSeconds: request.minSeconds ?? usual.minSeconds,
      maxRuns: Math.min(request.maxRuns ?? usual.maxRuns, MOST_RUNS),
      until: request.until ?? usual.until,
    };
    for (const row of await schedulesOf(tx, [deploymentId])) {
      if (row.active === 1) await scheduleRuns(context, tx, deployment, row, from, horizon);
    }
  });
}
