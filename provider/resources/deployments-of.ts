import type { JsonObject } from "../../schema/json.ts";
import type { DeploymentAnswer } from "../client/api.ts";
import type { Scope } from "../engine/lifecycle.ts";

/** Names of the deployments that a filter of the API finds (first page), to be named when a delete is refused. */
export async function deploymentsOf(scope: Scope, filter: JsonObject): Promise<string[]> {
  const found = await scope.api.deployments.filter(filter, scope.call);
  return found.map((deployment: DeploymentAnswer) => deployment.name);
}
