import type { FlowRunTransition } from "../../../../server/domain/orchestration/flow-run-transition.ts";
import { NO_POLICY } from "../../../../server/domain/orchestration/policy.ts";
import { type NewState, propose, type State } from "../../../../server/domain/orchestration/state.ts";

export const NOW = "2026-11-21T12:00:00.000000Z";

/** A state that a run has had for a second. */
export function state(newState: NewState): State {
  return { ...propose(newState, "2026-11-21T11:59:59.000000Z"), id: "00000000-0000-7000-8000-00000000000a" };
}

/** A client asks a run in one state for another one. What is not said is as plain as can be. */
export function asked(
  current: NewState | null,
  proposed: NewState,
  more: Partial<FlowRunTransition> = {},
): FlowRunTransition {
  return {
    run: { run_count: 0, deployment_id: null, parent_task_run_id: null, infrastructure_pid: null },
    policy: NO_POLICY,
    current: current === null ? null : state(current),
    proposed: propose(proposed, NOW),
    slots: null,
    leased: false,
    reachedLimit: null,
    client: { renewsLeases: true, takesSlots: false },
    now: NOW,
    ...more,
  };
}

export const LIMIT = "00000000-0000-4000-8000-00000000000b";
export const LEASE = "00000000-0000-4000-8000-00000000000c";
export const DEPLOYED = {
  run_count: 0,
  deployment_id: "00000000-0000-4000-8000-00000000000d",
  parent_task_run_id: null,
  infrastructure_pid: null,
};
