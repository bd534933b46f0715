import { deleteSchedulesOf, updateSchedule } from "../../store/queries/deployment-schedules.ts";
import type { Deployment } from "../../store/queries/deployments.ts";
import type { Db } from "../../store/store.ts";
import type { DeploymentScheduleRow } from "../../store/tables/deployments.ts";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { NewSchedule } from "../schedules/resolve-schedule.ts";
import { addSchedules, apart, type DeploymentScheduleChanges, scheduleColumns } from "./schedules.ts";

/** What a change of a deployment says about one of its schedules. */
export interface GivenSchedule extends DeploymentScheduleChanges {
  /** The slug it had before. */
  replaces: string | null;
}

/** What is done with a deployment's schedules. */
export interface SchedulePlan {
  /** Those that there are go first. */
  clear: boolean;
  update: readonly { id: string; given: GivenSchedule }[];
  create: readonly (GivenSchedule & { schedule: NewSchedule })[];
}

/** When all that there are have slugs, each given one changes the one of its slug or is new, and those not given stay, all of them when
 *  none is given. Otherwise the given ones take the place of all. Not given at all: nothing is done.
 *  Throws: ApiError `unprocessable`. Source: prefect/server/api/deployments.py, update_deployment. */
export function planSchedules(
  known: readonly DeploymentScheduleRow[],
  given: readonly GivenSchedule[] | undefined,
): SchedulePlan {
  const named = known.length > 0 && known.every(({ slug }) => slug !== null);
  if (given === undefined) return { clear: false, update: [], create: [] };
  if (!named) return { clear: true, update: [], create: given.filter(isComplete) };
  if (given.some(({ slug }) => slug === null)) {
    throw refused("Please provide a slug for each schedule in your request to ensure schedules are updated correctly.");
  }
  const idOf = new Map(known.map(({ slug, id }) => [slug, id]));
  checkRenames(given, idOf);
  const update: { id: string; given: GivenSchedule }[] = [];
  const create: (GivenSchedule & { schedule: NewSchedule })[] = [];
  for (const one of given) {
    const id = idOf.get(one.replaces || one.slug);
    if (id !== undefined) update.push({ id, given: one });
    else if (isComplete(one)) create.push(one);
    else throw refused("Unable to create new deployment schedules without a schedule configuration.");
  }
  return { clear: false, update, create };
}

/** No two schedules may come from one, and none may get a slug that another one keeps. */
function checkRenames(given: readonly GivenSchedule[], idOf: ReadonlyMap<string | null, string>): void {
  const replaced = new Set<string>();
  for (const { replaces } of given) {
    if (!replaces) continue;
    if (replaced.has(replaces)) {
      throw refused(`Multiple schedules have 'replaces' targeting the same slug: ${replaces}`);
    }
    replaced.add(replaces);
  }
  for (const { slug, replaces } of given) {
    if (slug && replaces && idOf.has(slug) && !replaced.has(slug)) {
      throw refused(
        `Cannot rename schedule from '${replaces}' to '${slug}': a schedule with slug '${slug}' already exists.`,
      );
    }
  }
}

function isComplete(given: GivenSchedule): given is GivenSchedule & { schedule: NewSchedule } {
  return given.schedule !== null;
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
  // First all renamed ones lose their slugs: two may exchange theirs.
  for (const { id, given } of plan.update)
    if (given.replaces) await updateSchedule(tx, deployment.id, id, { slug: null });
  const now = context.clock.now();
  for (const [index, { id, given }] of plan.update.entries()) {
    await updateSchedule(tx, deployment.id, id, scheduleColumns(given, apart(now, index)));
  }
  await addSchedules(
    context,
    tx,
    deployment,
    // How many runs it may have at once is not taken over here, as upstream.
    plan.create.map((given) => ({ ...given, active: given.active ?? true, max_scheduled_runs: null })),
  );
}
