import type { FlowRunRule } from "../flow-run-transition.ts";
import { isTerminal, propose } from "../state.ts";

/** Only a running flow can pause; each pause key fires once; only a run that can be rescheduled may suspend. */
export const handlePausingFlows: FlowRunRule = ({ current, proposed, run, policy }) => {
  if (proposed.type !== "PAUSED") return undefined;
  const verb = proposed.name === "Suspended" ? "suspend" : "pause";
  if (current === null) return { kind: "abort", reason: `Cannot ${verb} flows with no state.` };
  if (current.type !== "RUNNING") {
    return { kind: "reject", state: null, reason: `Cannot ${verb} flows that are not currently running.` };
  }
  const key = proposed.state_details.pause_key;
  const keys = policy.pause_keys ?? [];
  if (key !== null && keys.includes(key)) {
    return { kind: "reject", state: null, reason: `This ${verb} has already fired.` };
  }
  if (proposed.state_details.pause_reschedule) {
    if (run.parent_task_run_id !== null) return { kind: "abort", reason: `Cannot ${verb} subflows.` };
    if (run.deployment_id === null) return { kind: "abort", reason: `Cannot ${verb} flows without a deployment.` };
  }
  if (key === null) return undefined;
  return { kind: "amend", change: { policy: { ...policy, pause_keys: [...keys, key] } } };
};

/** A paused run can only run, be scheduled or end, and only before the pause times out. */
export const handleResumingPausedFlows: FlowRunRule = ({ current, proposed, run, policy, now }) => {
  if (current?.type !== "PAUSED") return undefined;
  // As in Prefect, also when it is refused: the next RUNNING does not count as another attempt.
  const resuming = { policy: { ...policy, resuming: true } };
  if (proposed.type !== "RUNNING" && proposed.type !== "SCHEDULED" && !isTerminal(proposed)) {
    const reason = `This run cannot transition to the StateType.${proposed.type} state from the StateType.${current.type} state.`;
    return { kind: "reject", state: null, reason, change: resuming };
  }
  const name = proposed.name.toLowerCase();
  const { pause_reschedule, pause_timeout } = current.state_details;
  if (pause_reschedule && run.deployment_id === null) {
    return {
      kind: "reject",
      state: null,
      change: resuming,
      reason: `Cannot reschedule a ${name} flow run without a deployment.`,
    };
  }
  if (pause_timeout !== null && pause_timeout < now) {
    const verb = proposed.name === "Suspended" ? "suspend" : "pause";
    return {
      kind: "reject",
      state: propose({ type: "FAILED", message: `The flow was ${name} and never resumed.` }, now),
      reason: `The flow run ${verb} has timed out and can no longer resume.`,
      change: resuming,
    };
  }
  return { kind: "amend", change: resuming };
};
