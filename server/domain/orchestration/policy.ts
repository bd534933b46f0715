import { toJson } from "../../values/json.ts";
import { isTerminal, type State } from "./state.ts";

/** How a flow run is retried, and what became of its pauses and retries so far. Source: prefect/server/schemas/core.py. */
export interface FlowRunPolicy {
  /** Old spellings of the next two. */
  max_retries: number;
  retry_delay_seconds: number;
  retries: number | null;
  /** Seconds. */
  retry_delay: number | null;
  /** Pauses that have fired: each fires once. */
  pause_keys: string[] | null;
  /** It goes on after a pause: the next RUNNING is not another attempt. */
  resuming: boolean | null;
  /** `in_process`: its process waits and goes on by itself. */
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

/** Who runs or has ended is not resuming any more. */
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
