import type { Route } from "../http/route.ts";
import { settingsRoute } from "./admin/settings.ts";
import { storageRoutes } from "./admin/storage.ts";
import { adminRoutes } from "./admin/version.ts";
import { artifactRoutes } from "./artifacts/index.ts";
import { automationRoutes } from "./automations/index.ts";
import { blockDocumentRoutes } from "./blocks/documents.ts";
import { blockSchemaRoutes } from "./blocks/schemas.ts";
import { blockTypeRoutes } from "./blocks/types.ts";
import { collectionsViewRoute } from "./collections/view.ts";
import { globalLimitRoutes } from "./concurrency-limits/global.ts";
import { slotRoutes } from "./concurrency-limits/slots.ts";
import { tagLimitRoutes } from "./concurrency-limits/tags.ts";
import { csrfTokenRoute } from "./csrf-token/create.ts";
import { deploymentRoutes } from "./deployments/index.ts";
import { eventRoutes } from "./events/index.ts";
import { flowRunRoutes } from "./flow-runs/index.ts";
import { flowRoutes } from "./flows/index.ts";
import { logRoutes } from "./logs/index.ts";
import { concurrencyStatusRoutes } from "./polling/concurrency-status.ts";
import { pollingRoutes } from "./polling/scheduled-runs.ts";
import { rootRoutes } from "./root/health.ts";
import { savedSearchRoutes } from "./saved-searches/index.ts";
import { stateRoutes } from "./states/index.ts";
import { taskRunRoutes } from "./task-runs/index.ts";
import { taskWorkersRoute } from "./task-workers/filter.ts";
import { templateRoutes } from "./templates/validate.ts";
import { variableRoutes } from "./variables/index.ts";
import { workPoolRoutes } from "./work-pools/index.ts";
import { workQueueRoutes } from "./work-queues/by-id.ts";
import { poolQueueRoutes } from "./work-queues/in-pool.ts";
import { workerRoutes } from "./workers/in-pool.ts";

/** Every endpoint, below `/api`. The OpenAPI document is made from this list too. */
export const routes: readonly Route[] = [
  ...workPoolRoutes,
  ...poolQueueRoutes,
  ...workerRoutes,
  ...workQueueRoutes,
  ...globalLimitRoutes,
  ...slotRoutes,
  ...tagLimitRoutes,
  ...variableRoutes,
  ...deploymentRoutes,
  ...pollingRoutes,
  ...concurrencyStatusRoutes,
  ...flowRoutes,
  ...flowRunRoutes,
  ...taskRunRoutes,
  ...stateRoutes,
  ...eventRoutes,
  ...logRoutes,
  taskWorkersRoute,
  ...artifactRoutes,
  ...automationRoutes,
  ...templateRoutes,
  ...savedSearchRoutes,
  ...blockTypeRoutes,
  ...blockSchemaRoutes,
  ...blockDocumentRoutes,
  collectionsViewRoute,
  csrfTokenRoute,
  ...adminRoutes,
  settingsRoute,
  ...storageRoutes,
  ...rootRoutes,
];
