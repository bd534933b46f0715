import { pauseDeployment } from "../../domain/deployments/pause.ts";
import { view } from "../../http/response/view-types.ts";
import { route } from "../../http/route.ts";

function pausing(path: "pause_deployment" | "resume_deployment", summary: string, paused: boolean) {
  return route({
    method: "POST",
    path: `/deployments/{id:uuid}/${path}`,
    summary,
    responses: { 200: view.json },
    async handle({ params }, context) {
      await pauseDeployment(context, params.id, paused);
      return { status: 200, body: null };
    },
  });
}

export const pauseDeploymentRoutes = [
  pausing("pause_deployment", "Pause Deployment", true),
  pausing("resume_deployment", "Resume Deployment", false),
];
