import { type Deployment, deploymentById, deploymentByName, lockDeployment } from "../../store/queries/deployments.ts";
import type { Db } from "../../store/store.ts";
import { ApiError } from "../api-error.ts";

/** Throws: ApiError `not_found`. */
export async function findDeployment(
  db: Db,
  key: { id: string } | { flowName: string; name: string },
  complaint = "Deployment not found",
): Promise<Deployment> {
  const known = "id" in key ? await deploymentById(db, key.id) : await deploymentByName(db, key.flowName, key.name);
  return found(known, complaint);
}

/** The same, locked until the write ends. */
export async function findDeploymentLocked(
  tx: Db,
  id: string,
  complaint = "Deployment not found",
): Promise<Deployment> {
  return found(await lockDeployment(tx, { id }), complaint);
}

function found(deployment: Deployment | undefined, complaint: string): Deployment {
  if (deployment === undefined) throw new ApiError("not_found", complaint);
  return deployment;
}
