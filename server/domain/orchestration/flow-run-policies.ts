import {
  bypassCancellingFlowRunsWithNoInfra,
  enforceCancellingToCancelledTransition,
} from "./flow-run-rules/cancelling.ts";
import {
  copyDeploymentConcurrencyLeaseId,
  handleFlowTerminalStateTransitions,
  keepPersistedResult,
  preventDuplicateTransitions,
} from "./flow-run-rules/ending.ts";
import {
  cancelLateRuns,
  secureFlowConcurrencySlots,
  takePoolSlot,
  validateDeploymentConcurrencyAtRunning,
} from "./flow-run-rules/holding-slots.ts";
import { handlePausingFlows, handleResumingPausedFlows } from "./flow-run-rules/pausing.ts";
import { ensureOnlyScheduledFlowsMarkedLate, retryFailedFlows } from "./flow-run-rules/starting.ts";
import type { FlowRunRule } from "./flow-run-transition.ts";
import { preventPendingTransitions } from "./prevent-pending-transitions.ts";
import { copyScheduledTime, waitForScheduledTime } from "./scheduled-time.ts";

/** Rules in the order in which they are applied, named as in prefect/server/orchestration/core_policy.py. `copyDeploymentConcurrencyLeaseId`,
 *  `keepPersistedResult`, `takePoolSlot` and `cancelLateRuns` are ours: see docs/decisions/0007. */

/** For a client's request. */
export const coreFlowPolicy: readonly FlowRunRule[] = [
  copyDeploymentConcurrencyLeaseId,
  preventDuplicateTransitions,
  handleFlowTerminalStateTransitions,
  enforceCancellingToCancelledTransition,
  bypassCancellingFlowRunsWithNoInfra,
  preventPendingTransitions,
  takePoolSlot,
  validateDeploymentConcurrencyAtRunning,
  secureFlowConcurrencySlots,
  ensureOnlyScheduledFlowsMarkedLate,
  handlePausingFlows,
  handleResumingPausedFlows,
  copyScheduledTime,
  waitForScheduledTime,
  retryFailedFlows,
];

/** For a client's request with `force`. Prefect drops the lease here, and with it whose slot it was. */
export const minimalFlowPolicy: readonly FlowRunRule[] = [
  copyDeploymentConcurrencyLeaseId,
  keepPersistedResult,
  bypassCancellingFlowRunsWithNoInfra,
];

/** For the late runs service. */
export const markLateRunsPolicy: readonly FlowRunRule[] = [ensureOnlyScheduledFlowsMarkedLate, cancelLateRuns];
