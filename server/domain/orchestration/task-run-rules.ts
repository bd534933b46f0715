import { addSeconds } from "../../values/timestamp.ts";
import { jittered } from "../jitter.ts";
import { isPersisted, isTerminal, propose, withDetails } from "./state.ts";
import type { TaskRunPolicy, TaskRunRule } from "./task-run-transition.ts";

/** Rules for task runs. Source: prefect/server/orchestration/core_policy.py. */

const LONGEST_CACHE_KEY = 2000;

/** A cached result is not computed again. */
export const cacheRetrieval: TaskRunRule = ({ proposed, cached, now }) => {
  if (proposed.type !== "RUNNING" || cached === null) return undefined;
  return {
    kind: "reject",
    state: { ...cached, name: "Cached", timestamp: now },
    reason: "Retrieved state from cache",
  };
};

/** A run that has ended may be run again, but not stopped, and not when its result is persisted. */
export const handleTaskTerminalStateTransitions: TaskRunRule = ({ current, proposed, run, flowRun }) => {
  if (current === null || !isTerminal(current)) return undefined;
  if (proposed.type === "CANCELLING" || proposed.type === "PAUSED" || proposed.type === "CRASHED") {
    return { kind: "abort", reason: `Run is already ${current.type}.` };
  }
  if (current.type === "COMPLETED" && isPersisted(current.data)) {
    return { kind: "reject", state: null, reason: "This run is already completed." };
  }
  if (isTerminal(proposed)) return undefined;
  const flowRetries = proposed.type === "RUNNING" && flowRun !== null && run.flow_run_run_count < flowRun.run_count;
  return {
    kind: "amend",
    change: { run: { ...run, run_count: 0 }, ...(flowRetries && { proposed: { ...proposed, name: "Retrying" } }) },
  };
};

/** Tasks run only while their flow runs. */
export const preventRunningTasksFromStoppedFlows: TaskRunRule = ({ proposed, run, flowRun, now }) => {
  if (proposed.type !== "RUNNING" || run.flow_run_id === null || flowRun === null) return undefined;
  const flow = flowRun.state;
  if (flow?.type === "RUNNING") return undefined;
  if (flow?.type !== "PAUSED") {
    return { kind: "abort", reason: "The enclosing flow must be running to begin task execution." };
  }
  const { pause_timeout, pause_reschedule } = flow.state_details;
  return {
    kind: "reject",
    state: propose({ type: "PAUSED", name: "NotReady", state_details: { pause_timeout, pause_reschedule } }, now),
    reason: `The flow is paused, new tasks can execute after resuming flow run: ${flowRun.id}.`,
  };
};

/** Each tag with a limit takes a slot. */
export const secureTaskConcurrencySlots: TaskRunRule = ({ proposed, tags }) => {
  if (proposed.type !== "RUNNING") return undefined;
  if (tags.closed !== null) {
    const reason = `The concurrency limit on tag "${tags.closed}" is 0 and will deadlock if the task tries to run again.`;
    return { kind: "abort", reason };
  }
  if (tags.full === null) return undefined;
  return {
    kind: "wait",
    delaySeconds: Math.round(tags.full.waitSeconds),
    reason: `Concurrency limit reached for tags: ${tags.full.tags.join(", ")}`,
  };
};

/** A failed run with retries left waits for the next attempt. */
export const retryFailedTasks: TaskRunRule = ({ current, proposed, run, policy, random, now }) => {
  if (current?.type !== "RUNNING" || proposed.type !== "FAILED") return undefined;
  if (proposed.state_details.retriable === false) return undefined;
  if (policy.retries === null || run.run_count > policy.retries) return undefined;
  const scheduled_time = addSeconds(now, delaySeconds(policy, run.run_count, random));
  const state = propose(
    { type: "SCHEDULED", name: "AwaitingRetry", message: proposed.message, state_details: { scheduled_time } },
    now,
  );
  return { kind: "reject", state: { ...state, data: proposed.data }, reason: "Retrying" };
};

function delaySeconds(
  { retry_delay, retry_jitter_factor }: TaskRunPolicy,
  attempts: number,
  random: () => number,
): number {
  const list = Array.isArray(retry_delay) ? retry_delay : [retry_delay ?? 0];
  const delay = list[Math.max(0, Math.min(attempts - 1, list.length - 1))] ?? 0;
  return retry_jitter_factor && delay > 0 ? jittered(delay, random, retry_jitter_factor) : delay;
}

/** A second attempt is named Retrying or Rerunning. */
export const renameReruns: TaskRunRule = ({ current, proposed, run }) => {
  if (current === null || proposed.type !== "RUNNING" || run.run_count === 0) return undefined;
  const name = current.name === "AwaitingRetry" ? "Retrying" : "Rerunning";
  return { kind: "amend", change: { proposed: { ...proposed, name } } };
};

/** Which attempt of its flow run this attempt belongs to. */
export const updateFlowRunTrackerOnTasks: TaskRunRule = ({ proposed, run, flowRun }) => {
  if (proposed.type !== "RUNNING" || flowRun === null) return undefined;
  return { kind: "amend", change: { run: { ...run, flow_run_run_count: flowRun.run_count } } };
};

export const cacheInsertion: TaskRunRule = ({ proposed }) => {
  if (proposed.type !== "COMPLETED") return undefined;
  if ((proposed.state_details.cache_key ?? "").length <= LONGEST_CACHE_KEY) return undefined;
  const reason = `Cache key exceeded maximum allowed length of ${LONGEST_CACHE_KEY} characters.`;
  return { kind: "reject", state: proposed, reason };
};

/** For task workers: the id of the stored parameters is carried along. */
export const copyTaskParametersId: TaskRunRule = ({ current, proposed }) => {
  if (current?.type !== "SCHEDULED" && current?.type !== "PENDING") return undefined;
  if (proposed.type !== "PENDING" && proposed.type !== "RUNNING") return undefined;
  if (proposed.state_details.task_parameters_id !== null) return undefined;
  const { task_parameters_id } = current.state_details;
  return { kind: "amend", change: { proposed: withDetails(proposed, { task_parameters_id }) } };
};
