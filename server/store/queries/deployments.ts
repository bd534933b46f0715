import type { Timestamp } from "../../timestamp.ts";
import { deploymentsMatching, type RelatedFilters } from "../filters/related.ts";
import { expressions } from "../sql/expressions.ts";
import type { Page } from "../sql/page.ts";
import { prepared } from "../sql/prepared.ts";
import type { Db } from "../store.ts";
import type { DeploymentRow } from "../tables/deployments.ts";

/** A deployment, and the queue and pool that serve it; null where there is none. */
export type Deployment = DeploymentRow & {
  queue_name: string | null;
  work_pool_name: string | null;
};

export type DeploymentSort = "CREATED_DESC" | "UPDATED_DESC" | "NAME_ASC" | "NAME_DESC";

const byId = prepared((db, id: string) => withQueue(db).where("deployment.id", "=", id));

const byName = prepared((db, flow: string, name: string) =>
  withQueue(db)
    .innerJoin("flow", "flow.id", "deployment.flow_id")
    .where("flow.name", "=", flow)
    .where("deployment.name", "=", name),
);

export async function deploymentById(db: Db, id: string): Promise<Deployment | undefined> {
  return (await byId(db, id))[0];
}

export async function deploymentByName(db: Db, flowName: string, name: string): Promise<Deployment | undefined> {
  return (await byName(db, flowName, name))[0];
}

/** The deployment, locked until the write ends: for whatever must see and change its runs and schedules as one. */
export async function lockDeployment(
  tx: Db,
  key: { id: string } | { flowId: string; name: string },
): Promise<Deployment | undefined> {
  // First locked, then read: a join that waited for the lock would show the deployment of now with the queue of before.
  const locked = await ("id" in key
    ? tx.selectFrom("deployment").select("id").where("id", "=", key.id)
    : tx.selectFrom("deployment").select("id").where("flow_id", "=", key.flowId).where("name", "=", key.name)
  )
    .forUpdate()
    .executeTakeFirst();
  return locked && deploymentById(tx, locked.id);
}

export async function listDeployments(
  db: Db,
  filters: RelatedFilters,
  sort: DeploymentSort,
  page: Page,
): Promise<Deployment[]> {
  const [column, direction] = SORTS[sort];
  return withQueue(db)
    .where(deploymentsMatching(db, filters))
    .orderBy(`deployment.${column}`, direction)
    .orderBy("deployment.id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

const SORTS = {
  CREATED_DESC: ["created", "desc"],
  UPDATED_DESC: ["updated", "desc"],
  NAME_ASC: ["name", "asc"],
  NAME_DESC: ["name", "desc"],
} as const;

export async function countDeployments(db: Db, filters: RelatedFilters): Promise<number> {
  const row = await db
    .selectFrom("deployment")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where(deploymentsMatching(db, filters))
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Whether it was inserted: not when the flow has a deployment of that name. */
export async function insertDeployment(tx: Db, row: DeploymentRow): Promise<boolean> {
  const inserted = await tx
    .insertInto("deployment")
    .values(row)
    .onConflict((conflict) => conflict.columns(["flow_id", "name"]).doNothing())
    .returning("id")
    .execute();
  return inserted.length > 0;
}

export async function updateDeployment(tx: Db, id: string, changes: Partial<DeploymentRow>): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  await tx.updateTable("deployment").set(changes).where("id", "=", id).execute();
}

/** Takes its schedules along. */
export async function deleteDeployment(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("deployment").where("id", "=", id).execute();
}

/** Those of them that have not been asked for since `since`, or do not count as ready. */
export async function deploymentsNotPolledSince(
  db: Db,
  ids: readonly string[],
  since: Timestamp,
): Promise<DeploymentRow[]> {
  return db
    .selectFrom("deployment")
    .selectAll()
    .where((eb) => expressions(db).isIn(eb.ref("id"), ids))
    .where((eb) =>
      eb.or([eb("last_polled", "is", null), eb("last_polled", "<=", since), eb("status", "=", "NOT_READY")]),
    )
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Notes that somebody asks for the runs of these deployments. `updated` stays: nothing about them was changed. */
export async function markDeploymentsReady(tx: Db, ids: readonly string[], now: Timestamp): Promise<void> {
  await tx
    .updateTable("deployment")
    .set({ status: "READY", last_polled: now })
    .where((eb) => expressions(tx).isIn(eb.ref("id"), ids))
    .execute();
}

function withQueue(db: Db) {
  return db
    .selectFrom("deployment")
    .leftJoin("work_queue", "work_queue.id", "deployment.work_queue_id")
    .leftJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .selectAll("deployment")
    .select(["work_queue.name as queue_name", "work_pool.name as work_pool_name"]);
}
