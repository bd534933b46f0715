import { toJson } from "../../values/json.ts";
import { isTerminal, type State } from "./state.ts";

/** A flow run's retries, and the state of its pauses and retries. Source: prefect/server/schemas/core.py. */
export interface FlowRunPolicy {
  /** Old spellings of the next two. */
  max_retries: number;
  retry_delay_seconds: number;
  retries: number | null;
  /** Seconds. */
  retry_delay: number | null;
  /** Pauses that have fired: each fires once. */
  pause_keys: string[] | null;
  /** It resumes from a pause: the next RUNNING does not count as another attempt. */
  resuming: boolean | null;
  /** `in_process`: its own process waits for the next attempt. */
  retry_type: "in_process" | "reschedule" | null;
}

export const NO_POLICY: FlowRunPolicy = {
  max_retries: 0,
  retry_delay_seconds: 0,
  retries: null,
  retry_delay: null,
  pause_keys: [],
  resuming: false,
  retry_type: null,
};

/** The policy of a run in that state: a run that runs or has ended is no longer resuming. */
export function resumed(policy: FlowRunPolicy, { type }: Pick<State, "type">): FlowRunPolicy {
  return policy.resuming && (type === "RUNNING" || isTerminal({ type })) ? { ...policy, resuming: false } : policy;
}

/** The columns that hold a policy. */
export function policyColumns(policy: FlowRunPolicy): { empirical_policy: string; retries_in_process: 0 | 1 } {
  return {
    empirical_policy: toJson(policy),
    retries_in_process: policy.retry_type === "in_process" ? 1 : 0,
  };
}
