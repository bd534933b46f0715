import {
  deleteSchedule,
  insertSchedules,
  schedulesOf,
  setDue,
  updateSchedule,
} from "../../store/queries/deployment-schedules.ts";
import type { Deployment } from "../../store/queries/deployments.ts";
import { deleteScheduledRuns } from "../../store/queries/runs/flow-runs.ts";
import type { Db } from "../../store/store.ts";
import type { DeploymentScheduleRow } from "../../store/tables/deployments.ts";
import { toJson } from "../../values/json.ts";
import { addSeconds, type Timestamp } from "../../values/timestamp.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { type NewSchedule, resolveSchedule } from "../schedules/resolve-schedule.ts";
import { findDeployment, findDeploymentLocked } from "./find.ts";

export interface NewDeploymentSchedule {
  schedule: NewSchedule;
  active: boolean;
  max_scheduled_runs: number | null;
  parameters: object;
  slug: string | null;
}

/** Null keeps the value; parameters are always replaced. */
export interface DeploymentScheduleChanges {
  schedule: NewSchedule | null;
  active: boolean | null;
  max_scheduled_runs: number | null;
  parameters: object;
  slug: string | null;
}

const NO_DEPLOYMENT = "Deployment not found.";
const NO_SCHEDULE = "Schedule not found.";

/** Throws: ApiError `not_found` for the deployment. */
export async function listSchedules(db: Db, deploymentId: string): Promise<DeploymentScheduleRow[]> {
  const known = await findDeployment(db, { id: deploymentId }, NO_DEPLOYMENT);
  return schedulesOf(db, [known.id]);
}

/** Adds schedules to a deployment. Its runs stay as they are. Throws: ApiError `not_found`; StoreError `duplicate` for a slug. */
export async function createSchedules(
  context: Context,
  deploymentId: string,
  newSchedules: readonly NewDeploymentSchedule[],
): Promise<DeploymentScheduleRow[]> {
  return context.store.write(async (tx) => {
    const deployment = await findDeploymentLocked(tx, deploymentId, NO_DEPLOYMENT);
    return addSchedules(context, tx, deployment, newSchedules);
  });
}

/** Adds schedules to a deployment that the write has locked. */
export async function addSchedules(
  { ids, clock }: Context,
  tx: Db,
  { id: deploymentId, paused }: Pick<Deployment, "id" | "paused">,
  newSchedules: readonly NewDeploymentSchedule[],
): Promise<DeploymentScheduleRow[]> {
  const now = clock.now();
  const rows = newSchedules.map((one, index): DeploymentScheduleRow => {
    const time = apart(now, index);
    return {
      id: ids.uuid4(),
      created: time,
      updated: time,
      deployment_id: deploymentId,
      schedule: toJson(resolveSchedule(one.schedule, now)),
      active: one.active ? 1 : 0,
      max_scheduled_runs: one.max_scheduled_runs,
      parameters: toJson(one.parameters),
      slug: one.slug,
      due: one.active && paused === 0 ? now : null,
    };
  });
  await insertSchedules(tx, rows);
  return rows;
}

/** Changes one schedule. Scheduled runs of all the deployment's schedules are deleted; the scheduler creates them anew. Throws: ApiError `not_found`; StoreError `duplicate` for a slug. */
export async function changeSchedule(
  context: Context,
  deploymentId: string,
  scheduleId: string,
  changes: DeploymentScheduleChanges,
): Promise<void> {
  await context.store.write(async (tx) => {
    const deployment = await findDeploymentLocked(tx, deploymentId, NO_DEPLOYMENT);
    const now = context.clock.now();
    const columns = scheduleColumns(changes, now);
    if (!(await updateSchedule(tx, deploymentId, scheduleId, columns))) throw new ApiError("not_found", NO_SCHEDULE);
    await reschedule(tx, deployment, now);
  });
}

export async function removeSchedule(context: Context, deploymentId: string, scheduleId: string): Promise<void> {
  await context.store.write(async (tx) => {
    const deployment = await findDeploymentLocked(tx, deploymentId, NO_DEPLOYMENT);
    if (!(await deleteSchedule(tx, deploymentId, scheduleId))) throw new ApiError("not_found", NO_SCHEDULE);
    await deleteScheduledRuns(tx, deploymentId, { autoScheduledOnly: true });
    await setDue(tx, deploymentId, deployment.paused === 1 ? null : context.clock.now());
  });
}

/** Timestamps that keep the order of the schedules of one request: lists are sorted by them, the latest first. */
export function apart(now: Timestamp, index: number): Timestamp {
  return addSeconds(now, index / 1e6);
}

export function scheduleColumns(changes: DeploymentScheduleChanges, now: Timestamp): Partial<DeploymentScheduleRow> {
  const { schedule, active, max_scheduled_runs, parameters, slug } = changes;
  return {
    updated: now,
    parameters: toJson(parameters),
    ...(schedule !== null && { schedule: toJson(resolveSchedule(schedule, now)) }),
    ...(active !== null && { active: active ? 1 : 0 }),
    ...(max_scheduled_runs !== null && { max_scheduled_runs }),
    ...(slug !== null && { slug }),
  };
}

/** Deletes the future runs of all schedules, and makes the schedules due. Inside a write that has locked the deployment, as the scheduler
 *  does: so no run of the old schedules can appear afterwards. */
export async function reschedule(tx: Db, deployment: Pick<Deployment, "id" | "paused">, now: Timestamp): Promise<void> {
  await deleteScheduledRuns(tx, deployment.id, { autoScheduledOnly: true, startingAfter: now });
  await setDue(tx, deployment.id, deployment.paused === 1 ? null : now);
}
