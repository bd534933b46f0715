import { upsertDeployment } from "../../domain/deployments/upsert.ts";
import { route } from "../../http/route.ts";
import { newDeployment } from "./bodies.ts";
import { deploymentView, presentDeployment } from "./view.ts";

export const createDeploymentRoute = route({
  method: "POST",
  path: "/deployments/",
  summary: "Create Deployment",
  body: newDeployment,
  responses: { 200: deploymentView, 201: deploymentView },
  async handle({ body }, context) {
    // How many runs a schedule may have at once is not taken over here, as upstream.
    const schedules = body.schedules.map((schedule) => ({ ...schedule, max_scheduled_runs: null }));
    const { deployment, created } = await upsertDeployment(context, { ...body, schedules });
    const { store, clock } = context;
    return { status: created ? 201 : 200, body: await presentDeployment(store.db, deployment, clock.now()) };
  },
});
