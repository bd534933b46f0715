import { workPools } from "./0001-work-pools.ts";
import { concurrencyLimits } from "./0002-concurrency-limits.ts";
import { variables } from "./0003-variables.ts";
import { csrfTokens } from "./0004-csrf-tokens.ts";
import { flowRuns } from "./0005-flow-runs.ts";
import { deployments } from "./0006-deployments.ts";
import { taskRuns } from "./0007-task-runs.ts";
import { logs } from "./0008-logs.ts";
import { events } from "./0009-events.ts";
import { artifacts } from "./0010-artifacts.ts";
import { automations } from "./0011-automations.ts";
import { blocks } from "./0012-blocks.ts";
import { workerCleanups } from "./0013-worker-cleanups.ts";
import type { Migration } from "./migration.ts";

/** In the order they are applied. */
export const migrations: readonly Migration[] = [
  workPools,
  concurrencyLimits,
  variables,
  csrfTokens,
  flowRuns,
  deployments,
  taskRuns,
  logs,
  events,
  artifacts,
  automations,
  blocks,
  workerCleanups,
];
