import { deploymentsMatching, type RelatedFilters } from "../filters/related.ts";
import { countRows } from "../sql/count-rows.ts";
import type { Page } from "../sql/page.ts";
import { prepared } from "../sql/prepared.ts";
import { SORTS, type Sort } from "../sql/sorts.ts";
import type { Db } from "../store.ts";
import type { DeploymentRow } from "../tables/deployments.ts";

/** A deployment, and the queue and pool that serve it; null where there is none. */
export type Deployment = DeploymentRow & {
  queue_name: string | null;
  work_pool_name: string | null;
};

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

/** The deployment, locked until the write ends. */
export async function lockDeployment(
  tx: Db,
  key: { id: string } | { flowId: string; name: string },
): Promise<Deployment | undefined> {
  // Locked first, then read: a join that waited for the lock would show the new deployment with the old queue.
  const locked = await ("id" in key
    ? tx.selectFrom("deployment").select("id").where("id", "=", key.id)
    : tx.selectFrom("deployment").select("id").where("flow_id", "=", key.flowId).where("name", "=", key.name)
  )
    .forUpdate()
    .executeTakeFirst();
  return locked && deploymentById(tx, locked.id);
}

export async function listDeployments(db: Db, filters: RelatedFilters, sort: Sort, page: Page): Promise<Deployment[]> {
  const [column, direction] = SORTS[sort];
  return withQueue(db)
    .where(deploymentsMatching(db, filters))
    .orderBy(`deployment.${column}`, direction)
    .orderBy("deployment.id")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countDeployments(db: Db, filters: RelatedFilters): Promise<number> {
  return countRows(db.selectFrom("deployment").where(deploymentsMatching(db, filters)));
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

/** Deletes its schedules, too. */
export async function deleteDeployment(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("deployment").where("id", "=", id).execute();
}

export interface DeploymentConcurrency {
  concurrency_limit_id: string | null;
  /** JSON object. */
  concurrency_options: string | null;
}

const concurrencyById = prepared((db, id: string) =>
  db.selectFrom("deployment").select(["concurrency_limit_id", "concurrency_options"]).where("id", "=", id),
);

/** How many runs a deployment may have at once, and what happens to more. */
export async function deploymentConcurrency(db: Db, deploymentId: string): Promise<DeploymentConcurrency | undefined> {
  return (await concurrencyById(db, deploymentId))[0];
}

/** A deployment's job variables, and the template of the pool that serves it: null for none. Both JSON. */
export async function templateOfDeployment(
  db: Db,
  deploymentId: string,
): Promise<{ job_variables: string; base_job_template: string | null } | undefined> {
  return db
    .selectFrom("deployment")
    .leftJoin("work_queue", "work_queue.id", "deployment.work_queue_id")
    .leftJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .select(["deployment.job_variables", "work_pool.base_job_template"])
    .where("deployment.id", "=", deploymentId)
    .executeTakeFirst();
}

function withQueue(db: Db) {
  return db
    .selectFrom("deployment")
    .leftJoin("work_queue", "work_queue.id", "deployment.work_queue_id")
    .leftJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .selectAll("deployment")
    .select(["work_queue.name as queue_name", "work_pool.name as work_pool_name"]);
}
