import { type Expression, type SqlBool, sql } from "kysely";
import { addSeconds, type Timestamp } from "../../values/timestamp.ts";
import { expressions } from "../sql/expressions.ts";
import { insertMany } from "../sql/insert-many.ts";
import type { Db } from "../store.ts";
import type { DeploymentScheduleRow } from "../tables/deployments.ts";

/** The schedules of these deployments, the one changed last at the front. */
export async function schedulesOf(db: Db, deploymentIds: readonly string[]): Promise<DeploymentScheduleRow[]> {
  return db
    .selectFrom("deployment_schedule")
    .selectAll()
    .where((eb) => expressions(db).isIn(eb.ref("deployment_id"), deploymentIds))
    .orderBy("updated", "desc")
    .orderBy("id")
    .execute();
}

const COLUMNS = [
  "id",
  "created",
  "updated",
  "deployment_id",
  "schedule",
  "active",
  "max_scheduled_runs",
  "parameters",
  "slug",
  "due",
] as const satisfies (keyof DeploymentScheduleRow)[];

export const insertSchedules = insertMany<DeploymentScheduleRow, unknown>(COLUMNS, (db, rows) =>
  db.insertInto("deployment_schedule").values(rows),
);

/** Whether the deployment has such a schedule. */
export async function updateSchedule(
  tx: Db,
  deploymentId: string,
  id: string,
  changes: Partial<DeploymentScheduleRow>,
): Promise<boolean> {
  const result = await tx
    .updateTable("deployment_schedule")
    .set(changes)
    .where("id", "=", id)
    .where("deployment_id", "=", deploymentId)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Whether the deployment had such a schedule. */
export async function deleteSchedule(tx: Db, deploymentId: string, id: string): Promise<boolean> {
  const result = await tx
    .deleteFrom("deployment_schedule")
    .where("id", "=", id)
    .where("deployment_id", "=", deploymentId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function deleteSchedulesOf(tx: Db, deploymentId: string): Promise<void> {
  await tx.deleteFrom("deployment_schedule").where("deployment_id", "=", deploymentId).execute();
}

/** Sets when the deployment's active schedules are due; `null`: never. */
export async function setDue(tx: Db, deploymentId: string, due: Timestamp | null): Promise<void> {
  await tx
    .updateTable("deployment_schedule")
    .set((eb) => ({ due: eb.case().when("active", "=", 1).then(due).else(null).end() }))
    .where("deployment_id", "=", deploymentId)
    .execute();
}

/** A schedule that is due later than this was postponed by a wrong clock, and counts as due. */
export const LONGEST_REST_SECONDS = 86_400;

function isDue(column: Expression<Timestamp | null>, now: Timestamp): Expression<SqlBool> {
  return sql<SqlBool>`(${column} <= ${now} or ${column} > ${addSeconds(now, LONGEST_REST_SECONDS)})`;
}

/** Deployments with a due schedule, the longest due first. */
export async function dueDeployments(db: Db, now: Timestamp, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("deployment_schedule")
    .select("deployment_id")
    .where((eb) => isDue(eb.ref("due"), now))
    .groupBy("deployment_id")
    .orderBy((eb) => eb.fn.min("due"))
    .limit(limit)
    .execute();
  return rows.map((row) => row.deployment_id);
}

/** Schedules of a deployment that are due. */
export async function dueSchedules(
  db: Db,
  deploymentId: string,
  now: Timestamp,
  limit: number,
): Promise<DeploymentScheduleRow[]> {
  return db
    .selectFrom("deployment_schedule")
    .selectAll()
    .where("deployment_id", "=", deploymentId)
    .where((eb) => isDue(eb.ref("due"), now))
    .orderBy("due")
    .limit(limit)
    .execute();
}

export async function setScheduleDue(tx: Db, id: string, due: Timestamp | null): Promise<void> {
  await tx.updateTable("deployment_schedule").set({ due }).where("id", "=", id).execute();
}
