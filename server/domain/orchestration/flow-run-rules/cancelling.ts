import type { FlowRunRule } from "../flow-run-transition.ts";
import { propose } from "../state.ts";

/** A CANCELLING run can only become CANCELLED. */
export const enforceCancellingToCancelledTransition: FlowRunRule = ({ current, proposed }) => {
  if (current?.type !== "CANCELLING" || proposed.type === "CANCELLED") return undefined;
  return {
    kind: "reject",
    state: null,
    reason: "Cannot transition flows that are cancelling to a state other than Cancelled.",
  };
};

/** CANCELLING is for runs with a process to stop: without one, the run is cancelled at once. Also with `force`. */
export const bypassCancellingFlowRunsWithNoInfra: FlowRunRule = ({ current, proposed, run, now }) => {
  if (proposed.type !== "CANCELLING" || current === null) return undefined;
  if (current.type !== "SCHEDULED" && current.type !== "PAUSED") return undefined;
  const state = propose({ type: "CANCELLED" }, now);
  if ((current.type === "SCHEDULED" && !run.infrastructure_pid) || current.name === "Resuming") {
    return { kind: "reject", state, reason: "Scheduled flow run has no infrastructure to terminate." };
  }
  if (current.type === "PAUSED" && current.state_details.pause_reschedule) {
    return { kind: "reject", state, reason: "Suspended flow run has no infrastructure to terminate." };
  }
  return undefined;
};
