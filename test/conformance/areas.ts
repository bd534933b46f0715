import type { Step } from "./step.ts";
import { artifacts, savedSearches } from "./steps/artifacts.ts";
import { automations, templates } from "./steps/automations.ts";
import { blockDocuments, blockSchemas, blockTypes } from "./steps/blocks.ts";
import { globalLimits, tagLimits } from "./steps/concurrency-limits.ts";
import { createdBy } from "./steps/created-by.ts";
import { deploymentRuns } from "./steps/deployment-runs.ts";
import { deploymentSchedules } from "./steps/deployment-schedules.ts";
import { deploymentChanges, deploymentLimits, deployments } from "./steps/deployments.ts";
import { events } from "./steps/events.ts";
import { flowRuns } from "./steps/flow-runs.ts";
import { flows } from "./steps/flows.ts";
import { inputs } from "./steps/inputs.ts";
import { logs } from "./steps/logs.ts";
import { everywhere, variables } from "./steps/others.ts";
import { polling } from "./steps/polling.ts";
import { taskRuns } from "./steps/task-runs.ts";
import { transitions } from "./steps/transitions.ts";
import { workPools } from "./steps/work-pools.ts";
import { workQueues } from "./steps/work-queues.ts";
import { workerSteps } from "./steps/workers.ts";

/** All steps, by area. The steps of an area depend on each other. */
export const areas: Record<string, readonly Step[]> = {
  "work pools": workPools,
  "work queues": workQueues,
  workers: workerSteps,
  "global limits": globalLimits,
  "tag limits": tagLimits,
  variables,
  flows,
  "flow runs": flowRuns,
  transitions,
  inputs,
  "task runs": taskRuns,
  polling,
  deployments,
  "deployment changes": deploymentChanges,
  "deployment limits": deploymentLimits,
  "deployment schedules": deploymentSchedules,
  "deployment runs": deploymentRuns,
  "created by": createdBy,
  events,
  logs,
  artifacts,
  "saved searches": savedSearches,
  automations,
  templates,
  "block types": blockTypes,
  "block schemas": blockSchemas,
  "block documents": blockDocuments,
  "every request": everywhere,
};
