import type { FlowRunRule } from "../flow-run-transition.ts";
import { isPersisted, isTerminal, withDetails } from "../state.ts";

/** The lease on a slot is carried from state to state: clients send null for it. */
export const copyDeploymentConcurrencyLeaseId: FlowRunRule = ({ current, proposed }) => {
  const lease = current?.state_details.deployment_concurrency_lease_id ?? null;
  if (lease === null || proposed.state_details.deployment_concurrency_lease_id !== null) return undefined;
  return { kind: "amend", change: { proposed: withDetails(proposed, { deployment_concurrency_lease_id: lease }) } };
};

/** A repeated request (same transition id, its response was lost) changes nothing. */
export const preventDuplicateTransitions: FlowRunRule = ({ current, proposed }) => {
  const id = current?.state_details.transition_id ?? null;
  if (id === null || id !== proposed.state_details.transition_id) return undefined;
  return { kind: "reject", state: null, reason: "This run has already made this state transition." };
};

/** A run that has ended may be run again, but not stopped; a persisted result stays. */
export const handleFlowTerminalStateTransitions: FlowRunRule = (transition) => {
  const { current, proposed, run, policy } = transition;
  if (current === null || !isTerminal(current)) return undefined;
  if (proposed.type === "CANCELLING" || proposed.type === "PAUSED" || proposed.type === "CRASHED") {
    return { kind: "abort", reason: `Run is already in terminal state ${current.type}.` };
  }
  if (current.type === "COMPLETED" && !isTerminal(proposed) && isPersisted(current.data)) {
    return { kind: "reject", state: null, reason: "Run is already COMPLETED." };
  }
  const lost = keepPersistedResult(transition);
  if (lost !== undefined) return lost;
  if (proposed.type === "SCHEDULED" && run.deployment_id === null) {
    return { kind: "abort", reason: "Cannot reschedule a run without an associated deployment." };
  }
  if (isTerminal(proposed)) return undefined;
  const retry_type = proposed.type === "SCHEDULED" ? "reschedule" : null;
  return { kind: "amend", change: { policy: { ...policy, resuming: false, pause_keys: [], retry_type } } };
};

/** A persisted result is not overwritten by none. Also with `force`. */
export const keepPersistedResult: FlowRunRule = ({ current, proposed }) => {
  if (current?.type !== "COMPLETED" || proposed.type !== "COMPLETED") return undefined;
  if (!isPersisted(current.data) || isPersisted(proposed.data)) return undefined;
  return {
    kind: "reject",
    state: null,
    reason: "Cannot overwrite a COMPLETED state that carries persisted result data with one that does not.",
  };
};
