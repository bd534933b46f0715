import { createDeploymentRoute } from "./create.ts";
import { bulkDeleteDeploymentsRoute, deleteDeploymentRoute } from "./delete.ts";
import { deploymentListRoutes } from "./list.ts";
import { pauseDeploymentRoutes } from "./pause.ts";
import { readDeploymentByNameRoute, readDeploymentRoute } from "./read.ts";
import { deploymentRunRoutes } from "./runs.ts";
import { getScheduledRunsRoute, scheduleDeploymentRoute } from "./scheduled-runs.ts";
import { deploymentScheduleRoutes } from "./schedules.ts";
import { updateDeploymentRoute } from "./update.ts";
import { workQueueCheckRoute } from "./work-queue-check.ts";

export const deploymentRoutes = [
  createDeploymentRoute,
  readDeploymentRoute,
  readDeploymentByNameRoute,
  updateDeploymentRoute,
  deleteDeploymentRoute,
  bulkDeleteDeploymentsRoute,
  ...deploymentListRoutes,
  ...deploymentRunRoutes,
  getScheduledRunsRoute,
  scheduleDeploymentRoute,
  ...deploymentScheduleRoutes,
  ...pauseDeploymentRoutes,
  workQueueCheckRoute,
];
