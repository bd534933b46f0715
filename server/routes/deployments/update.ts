import { changeDeployment } from "../../domain/deployments/change.ts";
import { route } from "../../http/route.ts";
import { deploymentChanges } from "./bodies.ts";

export const updateDeploymentRoute = route({
  method: "PATCH",
  path: "/deployments/{id:uuid}",
  summary: "Update Deployment",
  body: deploymentChanges,
  responses: { 204: null },
  async handle({ params, body }, context) {
    await changeDeployment(context, params.id, body);
    return { status: 204 };
  },
});
