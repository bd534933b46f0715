import { prepared } from "../sql/prepared.ts";
import type { Db } from "../store.ts";

export interface DeploymentSlotsRow {
  concurrency_limit_id: string | null;
  /** JSON object. */
  concurrency_options: string | null;
}

const byId = prepared((db, id: string) =>
  db.selectFrom("deployment").select(["concurrency_limit_id", "concurrency_options"]).where("id", "=", id),
);

/** What a deployment says about slots for its runs. */
export async function deploymentSlots(db: Db, deploymentId: string): Promise<DeploymentSlotsRow | undefined> {
  return (await byId(db, deploymentId))[0];
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
