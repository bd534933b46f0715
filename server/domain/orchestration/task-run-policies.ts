import { preventPendingTransitions } from "./prevent-pending-transitions.ts";
import { copyScheduledTime, waitForScheduledTime } from "./scheduled-time.ts";
import {
  cacheInsertion,
  cacheRetrieval,
  copyTaskParametersId,
  handleTaskTerminalStateTransitions,
  preventRunningTasksFromStoppedFlows,
  renameReruns,
  retryFailedTasks,
  secureTaskConcurrencySlots,
  updateFlowRunTrackerOnTasks,
} from "./task-run-rules.ts";
import type { TaskRunRule } from "./task-run-transition.ts";

/** Rules in the order in which they are applied, named as in prefect/server/orchestration/core_policy.py. */

/** For a client's request. */
export const coreTaskPolicy: readonly TaskRunRule[] = [
  cacheRetrieval,
  handleTaskTerminalStateTransitions,
  preventRunningTasksFromStoppedFlows,
  secureTaskConcurrencySlots,
  copyScheduledTime,
  waitForScheduledTime,
  retryFailedTasks,
  renameReruns,
  updateFlowRunTrackerOnTasks,
  cacheInsertion,
];

/** For runs that task workers run. */
export const backgroundTaskPolicy: readonly TaskRunRule[] = [
  preventPendingTransitions,
  cacheRetrieval,
  handleTaskTerminalStateTransitions,
  copyScheduledTime,
  copyTaskParametersId,
  waitForScheduledTime,
  retryFailedTasks,
  renameReruns,
  updateFlowRunTrackerOnTasks,
  cacheInsertion,
];
