import { claimOnce } from "./claim.ts";
import { copyScheduledTime, waitForScheduledTime } from "./scheduled-time.ts";
import {
  checkCacheKey,
  copyParametersId,
  countFlowRun,
  leaveEnd,
  nameReruns,
  onlyInRunningFlow,
  retry,
  takeTagSlots,
  useCache,
} from "./task-run-rules.ts";
import type { TaskRunRule } from "./task-run-transition.ts";

/** Which rules are asked, in their order. Source: prefect/server/orchestration/core_policy.py. */

/** When a client asks. */
export const coreTaskRules: readonly TaskRunRule[] = [
  useCache,
  leaveEnd,
  onlyInRunningFlow,
  takeTagSlots,
  copyScheduledTime,
  waitForScheduledTime,
  retry,
  nameReruns,
  countFlowRun,
  checkCacheKey,
];

/** For runs that task workers serve. */
export const deferredTaskRules: readonly TaskRunRule[] = [
  claimOnce,
  useCache,
  leaveEnd,
  copyScheduledTime,
  copyParametersId,
  waitForScheduledTime,
  retry,
  nameReruns,
  countFlowRun,
  checkCacheKey,
];
