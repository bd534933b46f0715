import { z } from "zod";
import { removeDeployment, removeDeployments } from "../../domain/deployments/remove.ts";
import { members } from "../../http/body.ts";
import { route } from "../../http/route.ts";
import { view } from "../../http/views.ts";
import { integer } from "../../http/wire.ts";
import { deploymentFilter } from "../filters.ts";

const MOST_AT_ONCE = 50;

export const deleteDeploymentRoute = route({
  method: "DELETE",
  path: "/deployments/{id:uuid}",
  summary: "Delete Deployment",
  answers: { 204: null },
  async handle({ params }, context) {
    await removeDeployment(context, params.id);
    return { status: 204 };
  },
});

export const bulkDeleteDeploymentsRoute = route({
  method: "POST",
  path: "/deployments/bulk_delete",
  summary: "Bulk Delete Deployments",
  body: members({
    deployments: deploymentFilter.optional(),
    limit: integer({ ge: 1, le: MOST_AT_ONCE }).default(MOST_AT_ONCE),
  }),
  answers: { 200: z.strictObject({ deleted: z.array(view.uuid) }).meta({ id: "DeploymentBulkDeleteResponse" }) },
  async handle({ body }, context) {
    return { status: 200, body: { deleted: await removeDeployments(context, body.deployments, body.limit) } };
  },
});
