import { claimOnce } from "./claim.ts";
import { cancelledOnly, nothingToStop } from "./flow-run-rules/cancelling.ts";
import { keepLease, keepResult, leaveEnd, onceOnly } from "./flow-run-rules/ending.ts";
import { cancelLate, holdSlot, takeSlot } from "./flow-run-rules/holding-slots.ts";
import { pause, resume } from "./flow-run-rules/pausing.ts";
import { takePlace } from "./flow-run-rules/places.ts";
import { lateOnce, retry } from "./flow-run-rules/starting.ts";
import type { FlowRunRule } from "./flow-run-transition.ts";
import { copyScheduledTime, waitForScheduledTime } from "./scheduled-time.ts";

/** Which rules are asked, in their order. Source: prefect/server/orchestration/core_policy.py; `takePlace` is
 *  ours. */

/** When a client asks. */
export const coreRules: readonly FlowRunRule[] = [
  keepLease,
  onceOnly,
  leaveEnd,
  cancelledOnly,
  nothingToStop,
  claimOnce,
  takePlace,
  holdSlot,
  takeSlot,
  lateOnce,
  pause,
  resume,
  copyScheduledTime,
  waitForScheduledTime,
  retry,
];

/** When a client insists. Upstream forgets the lease here, and with it whose slot it was. */
export const forcedRules: readonly FlowRunRule[] = [keepLease, keepResult, nothingToStop];

/** When the server marks runs late. */
export const lateRules: readonly FlowRunRule[] = [lateOnce, cancelLate];
