import { z } from "zod";
import { removeDeployment, removeDeployments } from "../../domain/deployments/remove.ts";
import { members } from "../../http/request/body.ts";
import { integer } from "../../http/request/request-types.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";
import { deploymentFilter } from "../filters.ts";

const MOST_AT_ONCE = 50;

export const deleteDeploymentRoute = route({
  method: "DELETE",
  path: "/deployments/{id:uuid}",
  summary: "Delete Deployment",
  responses: { 204: null },
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
  responses: { 200: z.strictObject({ deleted: z.array(view.uuid) }).meta({ id: "DeploymentBulkDeleteResponse" }) },
  async handle({ body }, context) {
    return { status: 200, body: { deleted: await removeDeployments(context, body.deployments, body.limit) } };
  },
});
