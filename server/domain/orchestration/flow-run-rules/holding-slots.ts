import { addSeconds } from "../../../values/timestamp.ts";
import type { FlowRunRule } from "../flow-run-transition.ts";
import { propose, type State, withDetails } from "../state.ts";

/** How long a run waits before it asks again for a slot of its deployment. */
const SLOT_WAIT_SECONDS = 30;
/** For clients that do not renew leases: practically for ever. */
const LASTING_SECONDS = 100 * 365 * 86_400;

const HOLDING: ReadonlySet<string> = new Set(["PENDING", "RUNNING", "CANCELLING"]);

/** Whether a run in this state may hold a slot of its deployment's limit. */
export function mayHoldSlot(state: { type: string } | null): boolean {
  return state !== null && HOLDING.has(state.type);
}

/** The lease that ends with this transition. */
export function leaseToEnd(current: State | null, next: { type: string }): string | null {
  if (!mayHoldSlot(current) || mayHoldSlot(next)) return null;
  return current?.state_details.deployment_concurrency_lease_id ?? null;
}

/** Not in Prefect: pool and queue limits are checked again when a run becomes PENDING. A slot that was free at the poll may be taken by then:
 *  the worker leaves the run alone, and it is handed out again. */
export const takePoolSlot: FlowRunRule = ({ reachedLimit }) =>
  reachedLimit === null
    ? undefined
    : { kind: "abort", reason: `The concurrency limit of the work ${reachedLimit} is reached.` };

/** A slot of the deployment's limit is taken before any infrastructure is provisioned. */
export const secureFlowConcurrencySlots: FlowRunRule = ({ current, proposed, slots, client, now }) => {
  if (proposed.type !== "PENDING" || mayHoldSlot(current) || slots === null || client.takesSlots) return undefined;
  if (slots === "missing") return { kind: "abort", reason: "Deployment not found." };
  const { limit, onCollision, graceSeconds } = slots;
  if (limit === null) return undefined;
  if (limit.most === 0) {
    return {
      kind: "abort",
      reason: "The deployment concurrency limit is 0. The flow will deadlock if submitted again.",
    };
  }
  if (limit.free) {
    return { kind: "amend", change: {}, effects: [{ kind: "take-slot", limitId: limit.id, seconds: graceSeconds }] };
  }
  const reason = "Deployment concurrency limit reached.";
  if (onCollision === "CANCEL_NEW") {
    return { kind: "reject", state: propose({ type: "CANCELLED", message: reason }, now), reason };
  }
  const scheduled_time = addSeconds(now, SLOT_WAIT_SECONDS);
  const state = propose({ type: "SCHEDULED", name: "AwaitingConcurrencySlot", state_details: { scheduled_time } }, now);
  return { kind: "reject", state, reason };
};

/** The lease may have expired while the infrastructure was provisioned: then a free slot is taken again, or the run is cancelled. */
export const validateDeploymentConcurrencyAtRunning: FlowRunRule = ({
  current,
  proposed,
  slots,
  leased,
  client,
  now,
}) => {
  if (current?.type !== "PENDING") return undefined;
  const lease = current.state_details.deployment_concurrency_lease_id;
  if (lease === null) return undefined;
  const change = { proposed: withDetails(proposed, { deployment_concurrency_lease_id: lease }) };
  if (!client.renewsLeases) {
    if (proposed.type !== "RUNNING" && proposed.type !== "CANCELLING") return undefined;
    return { kind: "amend", change, effects: [{ kind: "renew-lease", leaseId: lease, seconds: LASTING_SECONDS }] };
  }
  if (proposed.type !== "RUNNING") return undefined;
  if (slots === null || slots === "missing" || slots.limit === null) return { kind: "amend", change };
  const seconds = slots.graceSeconds;
  if (leased) return { kind: "amend", change, effects: [{ kind: "renew-lease", leaseId: lease, seconds }] };
  if (slots.limit.free) {
    return { kind: "amend", change, effects: [{ kind: "take-slot", limitId: slots.limit.id, seconds }] };
  }
  const message = "Deployment concurrency slot lost during provisioning - no slots available to continue execution";
  return {
    kind: "reject",
    state: propose({ type: "CANCELLED", message }, now),
    reason: "Deployment concurrency limit reached after lease expiry.",
  };
};

/** With CANCEL_NEW, late runs do not pile up. */
export const cancelLateRuns: FlowRunRule = ({ current, proposed, slots, now }) => {
  if (current?.type !== "SCHEDULED" || proposed.type !== "SCHEDULED" || proposed.name !== "Late") return undefined;
  if (slots === null || slots === "missing" || slots.onCollision !== "CANCEL_NEW") return undefined;
  if (slots.limit === null || !slots.limit.full) return undefined;
  return {
    kind: "reject",
    state: propose({ type: "CANCELLED", message: "Deployment concurrency limit reached." }, now),
    reason: "Deployment concurrency limit is full and uses the CANCEL_NEW strategy.",
  };
};
