import type { Route } from "../http/route.ts";
import { adminRoutes } from "./admin/routes.ts";
import { artifactRoutes } from "./artifacts/routes.ts";
import { automationRoutes } from "./automations/routes.ts";
import { blockRoutes } from "./blocks/routes.ts";
import { collectionRoutes } from "./collections/routes.ts";
import { csrfTokenRoutes } from "./csrf-token/routes.ts";
import { deploymentRoutes } from "./deployments/routes.ts";
import { eventRoutes } from "./events/routes.ts";
import { flowRunRoutes } from "./flow-runs/routes.ts";
import { flowRoutes } from "./flows/routes.ts";
import { globalLimitRoutes } from "./global-concurrency-limits/routes.ts";
import { logRoutes } from "./logs/routes.ts";
import { rootRoutes } from "./root/routes.ts";
import { savedSearchRoutes } from "./saved-searches/routes.ts";
import { stateRoutes } from "./states/routes.ts";
import { tagLimitRoutes } from "./tag-concurrency-limits/routes.ts";
import { taskRunRoutes } from "./task-runs/routes.ts";
import { taskWorkerRoutes } from "./task-workers/routes.ts";
import { templateRoutes } from "./templates/routes.ts";
import { variableRoutes } from "./variables/routes.ts";
import { workPoolRoutes } from "./work-pools/routes.ts";
import { workQueueRoutes } from "./work-queues/routes.ts";
import { workerRoutes } from "./workers/routes.ts";

/** Every endpoint, below `/api`. The OpenAPI document is made from this list, too. */
export const routes: readonly Route[] = [
  ...workPoolRoutes,
  ...workQueueRoutes,
  ...workerRoutes,
  ...globalLimitRoutes,
  ...tagLimitRoutes,
  ...variableRoutes,
  ...deploymentRoutes,
  ...flowRoutes,
  ...flowRunRoutes,
  ...taskRunRoutes,
  ...stateRoutes,
  ...eventRoutes,
  ...logRoutes,
  ...taskWorkerRoutes,
  ...artifactRoutes,
  ...automationRoutes,
  ...templateRoutes,
  ...savedSearchRoutes,
  ...blockRoutes,
  ...collectionRoutes,
  ...csrfTokenRoutes,
  ...adminRoutes,
  ...rootRoutes,
];
