import { findDeployment } from "../../domain/deployments/find.ts";
import { route } from "../../http/route.ts";
import { deploymentView, presentDeployment } from "./view.ts";

export const readDeploymentRoute = route({
  method: "GET",
  path: "/deployments/{id:uuid}",
  summary: "Read Deployment",
  responses: { 200: deploymentView },
  async handle({ params }, { store, clock }) {
    const deployment = await findDeployment(store.db, { id: params.id });
    return { status: 200, body: await presentDeployment(store.db, deployment, clock.now()) };
  },
});

export const readDeploymentByNameRoute = route({
  method: "GET",
  path: "/deployments/name/{flow_name}/{deployment_name}",
  summary: "Read Deployment By Name",
  responses: { 200: deploymentView },
  async handle({ params }, { store, clock }) {
    const key = { flowName: params.flow_name, name: params.deployment_name };
    const deployment = await findDeployment(store.db, key);
    return { status: 200, body: await presentDeployment(store.db, deployment, clock.now()) };
  },
});
