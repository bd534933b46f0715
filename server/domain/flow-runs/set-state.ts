import {
  type FlowRun,
  insertFlowRunState,
  lockFlowRun,
  updateFlowRun,
  updateFlowRunState,
} from "../../store/queries/runs/flow-runs.ts";
import type { Db } from "../../store/store.ts";
import { parseJson } from "../../values/json.ts";
import { ApiError } from "../api-error.ts";
import { endLease } from "../concurrency-limits/leases.ts";
import type { Context } from "../context.ts";
import { decide, type Outcome } from "../orchestration/decide.ts";
import { coreFlowPolicy, minimalFlowPolicy } from "../orchestration/flow-run-policies.ts";
import { leaseToEnd } from "../orchestration/flow-run-rules/holding-slots.ts";
import type { ClientBehavior, FlowRunRule, FlowRunTransition } from "../orchestration/flow-run-transition.ts";
import { UNKNOWN_CLIENT } from "../orchestration/flow-run-transition.ts";
import { type FlowRunPolicy, policyColumns, resumed } from "../orchestration/policy.ts";
import { runColumnsAfter, withLaterTimestamp } from "../orchestration/run-columns.ts";
import {
  isTerminal,
  type NewState,
  propose,
  type State,
  stateOf,
  withDetails,
  writeState,
} from "../orchestration/state.ts";
import { followSubflow } from "../task-runs/set-state.ts";
import { applyEffects, readDeploymentSlots } from "./deployment-slots.ts";
import { reachedLimit } from "./reached-limit.ts";

export interface StateRequest {
  state: NewState;
  /** Applies minimalFlowPolicy. */
  force?: boolean;
  client?: ClientBehavior;
  /** Instead of the policies for clients' requests. */
  rules?: readonly FlowRunRule[];
}

/** Sets a run's state if the rules accept it, inside a `transaction`. Throws: ApiError `object_not_found`. */
export async function setFlowRunState(
  context: Context,
  tx: Db,
  id: string,
  request: StateRequest,
): Promise<Outcome & { run: FlowRun }> {
  const run = await lockFlowRun(tx, id);
  if (run === undefined) throw new ApiError("object_not_found", `Flow run with id ${id} not found`);
  const now = context.clock.now();
  const current = stateOf(run);
  const proposed = propose(request.state, now);
  const { limit, slots, leased } = await readDeploymentSlots(tx, run, current, proposed, now);
  const transition: FlowRunTransition = {
    run,
    policy: parseJson(run.empirical_policy) as FlowRunPolicy,
    current,
    proposed,
    slots,
    leased,
    reachedLimit: await reachedLimit(tx, run, current, proposed),
    client: request.client ?? UNKNOWN_CLIENT,
    now,
  };
  const decision = decide(request.rules ?? (request.force ? minimalFlowPolicy : coreFlowPolicy), transition);
  const { status, reason, delaySeconds } = decision;
  if (decision.state === null) {
    const { policy } = decision.transition;
    if (policy !== transition.policy) await updateFlowRun(tx, id, policyColumns(policy));
    return { status, reason, delaySeconds, state: current, changed: false, run };
  }
  const granted = await applyEffects(context, tx, run, decision.effects, limit);
  const changed = await commit(context, tx, run, current, {
    state: withLaterTimestamp(
      withDetails(
        { ...decision.state, id: context.ids.uuid7() },
        {
          flow_run_id: id,
          ...(run.parent_task_run_id !== null && { task_run_id: run.parent_task_run_id }),
          ...(granted !== null && { deployment_concurrency_lease_id: granted }),
        },
      ),
      current,
    ),
    policyBefore: transition.policy,
    policy: decision.transition.policy,
  });
  return { status, reason, delaySeconds, ...changed, changed: true };
}

/** Writes the state, and everything that follows from it. */
async function commit(
  context: Context,
  tx: Db,
  run: FlowRun,
  current: State | null,
  next: { state: State; policyBefore: FlowRunPolicy; policy: FlowRunPolicy },
): Promise<{ state: State; run: FlowRun }> {
  const { state, policyBefore } = next;
  // The rules decide: a run that leaves a pause is resuming from now on, one that leaves a terminal state no longer is.
  const { resuming } = current !== null && isTerminal(current) ? next.policy : policyBefore;
  const kept = runColumnsAfter(run, current, state, resuming === true);
  const changes = {
    updated: context.clock.now(),
    ...kept,
    ...policyColumns(settled(current, state, next.policy, policyBefore)),
  };
  const row = { ...writeState(state), flow_run_id: run.id };
  await updateFlowRunState(tx, run.id, changes);
  await insertFlowRunState(tx, row);
  const lease = leaseToEnd(current, state);
  if (lease !== null) await endLease(context, tx, lease);
  const after: FlowRun = {
    ...run,
    ...changes,
    state_message: row.message,
    state_data: row.data,
    state_details: row.state_details,
  };
  if (run.parent_task_run_id !== null) await followSubflow(context, tx, run.parent_task_run_id, run.id, state);
  context.changes.report({ kind: "flow-run-state", run: after, before: current, after: state });
  return { state, run: after };
}

/** A run that has just left a pause is resuming, if the rules say so. */
function settled(current: State | null, state: State, policy: FlowRunPolicy, before: FlowRunPolicy): FlowRunPolicy {
  return current?.type === "PAUSED" && policy !== before ? policy : resumed(policy, state);
}
