import { deleteSchedulesOf, updateSchedule } from "../../store/queries/deployment-schedules.ts";
import type { Deployment } from "../../store/queries/deployments.ts";
import type { Db } from "../../store/store.ts";
import type { DeploymentScheduleRow } from "../../store/tables/deployments.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { NewSchedule } from "../schedules/resolve-schedule.ts";
import { addSchedules, apart, type DeploymentScheduleChanges, scheduleColumns } from "./schedules.ts";

/** One of the schedules in a request to change a deployment. */
export interface RequestedSchedule extends DeploymentScheduleChanges {
  /** The slug it had before. */
  replaces: string | null;
}

/** What a request changes in a deployment's schedules. */
export interface SchedulePlan {
  /** Existing schedules are deleted first. */
  clear: boolean;
  update: readonly { id: string; requested: RequestedSchedule }[];
  create: readonly (RequestedSchedule & { schedule: NewSchedule })[];
}

/** When all existing schedules have slugs, each requested one changes the one of its slug or is created, and the others stay. Otherwise the
 *  requested ones replace all. `undefined`: no changes.
 *  Throws: ApiError `unprocessable`. Source: prefect/server/api/deployments.py, update_deployment. */
export function planSchedules(
  known: readonly DeploymentScheduleRow[],
  requested: readonly RequestedSchedule[] | undefined,
): SchedulePlan {
  const named = known.length > 0 && known.every(({ slug }) => slug !== null);
  if (requested === undefined) return { clear: false, update: [], create: [] };
  if (!named) return { clear: true, update: [], create: requested.filter(isComplete) };
  if (requested.some(({ slug }) => slug === null)) {
    throw refused("Please provide a slug for each schedule in your request to ensure schedules are updated correctly.");
  }
  const idOf = new Map(known.map(({ slug, id }) => [slug, id]));
  checkRenames(requested, idOf);
  const update: { id: string; requested: RequestedSchedule }[] = [];
  const create: (RequestedSchedule & { schedule: NewSchedule })[] = [];
  for (const one of requested) {
    const id = idOf.get(one.replaces || one.slug);
    if (id !== undefined) update.push({ id, requested: one });
    else if (isComplete(one)) create.push(one);
    else throw refused("Unable to create new deployment schedules without a schedule configuration.");
  }
  return { clear: false, update, create };
}

/** No two requests may replace the same schedule, and none may take a slug that another schedule keeps. */
function checkRenames(requested: readonly RequestedSchedule[], idOf: ReadonlyMap<string | null, string>): void {
  const replaced = new Set<string>();
  for (const { replaces } of requested) {
    if (!replaces) continue;
    if (replaced.has(replaces)) {
      throw refused(`Multiple schedules have 'replaces' targeting the same slug: ${replaces}`);
    }
    replaced.add(replaces);
  }
  for (const { slug, replaces } of requested) {
    if (slug && replaces && idOf.has(slug) && !replaced.has(slug)) {
      throw refused(
        `Cannot rename schedule from '${replaces}' to '${slug}': a schedule with slug '${slug}' already exists.`,
      );
    }
  }
}

function isComplete(requested: RequestedSchedule): requested is RequestedSchedule & { schedule: NewSchedule } {
  return requested.schedule !== null;
}

function refused(text: string): ApiError {
  return new ApiError("unprocessable", text);
}

/** Carries out a plan, inside a write that has locked the deployment. Throws: StoreError `duplicate` for a slug. */
export async function applySchedulePlan(
  context: Context,
  tx: Db,
  deployment: Pick<Deployment, "id" | "paused">,
  plan: SchedulePlan,
): Promise<void> {
  if (plan.clear) await deleteSchedulesOf(tx, deployment.id);
  // Renamed schedules lose their slugs first: two may swap theirs.
  for (const { id, requested } of plan.update)
    if (requested.replaces) await updateSchedule(tx, deployment.id, id, { slug: null });
  const now = context.clock.now();
  for (const [index, { id, requested }] of plan.update.entries()) {
    await updateSchedule(tx, deployment.id, id, scheduleColumns(requested, apart(now, index)));
  }
  await addSchedules(
    context,
    tx,
    deployment,
    // max_scheduled_runs is ignored here, as in Prefect.
    plan.create.map((requested) => ({ ...requested, active: requested.active ?? true, max_scheduled_runs: null })),
  );
}
