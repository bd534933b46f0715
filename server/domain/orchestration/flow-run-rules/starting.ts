import { addSeconds } from "../../../values/timestamp.ts";
import type { FlowRunRule } from "../flow-run-transition.ts";
import { propose } from "../state.ts";

/** Only a scheduled run can become late, and only once. */
export const ensureOnlyScheduledFlowsMarkedLate: FlowRunRule = ({ current, proposed }) => {
  if (current === null || proposed.type !== "SCHEDULED" || proposed.name !== "Late") return undefined;
  if (current.type !== "SCHEDULED") {
    return { kind: "reject", state: null, reason: "Only scheduled flows can be marked late." };
  }
  if (current.name !== "Late") return undefined;
  return { kind: "reject", state: null, reason: "This flow run is already marked late." };
};

/** A failed run with retries left waits for the next attempt in its own process. */
export const retryFailedFlows: FlowRunRule = ({ current, proposed, run, policy, now }) => {
  if (current?.type !== "RUNNING" || proposed.type !== "FAILED") return undefined;
  if (policy.retries === null || run.run_count > policy.retries) {
    return { kind: "amend", change: { policy: { ...policy, retry_type: null } } };
  }
  const scheduled_time = addSeconds(now, policy.retry_delay ?? 0);
  const state = propose(
    { type: "SCHEDULED", name: "AwaitingRetry", message: proposed.message, state_details: { scheduled_time } },
    now,
  );
  return {
    kind: "reject",
    state: { ...state, data: proposed.data },
    reason: "Retrying",
    change: { policy: { ...policy, resuming: false, pause_keys: [], retry_type: "in_process" } },
  };
};
