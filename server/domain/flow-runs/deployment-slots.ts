import { lockLimits, updateLimit } from "../../store/queries/concurrency-limits.ts";
import { deploymentConcurrency } from "../../store/queries/deployments.ts";
import { extendLease, lockLease } from "../../store/queries/leases.ts";
import type { Db } from "../../store/store.ts";
import type { ConcurrencyLimitRow } from "../../store/tables/concurrency-limits.ts";
import type { FlowRunRow } from "../../store/tables/flow-runs.ts";
import { parseJson } from "../../values/json.ts";
import { addSeconds, type Timestamp } from "../../values/timestamp.ts";
import { grantLease } from "../concurrency-limits/leases.ts";
import { activeSlots, take } from "../concurrency-limits/slot-arithmetic.ts";
import type { Context } from "../context.ts";
import type { Effect } from "../orchestration/decide.ts";
import { mayHoldSlot } from "../orchestration/flow-run-rules/holding-slots.ts";
import type { DeploymentSlots, FlowRunTransition } from "../orchestration/flow-run-transition.ts";
import type { ProposedState, State } from "../orchestration/state.ts";

/** The slots of a deployment's limit in a transition. */

/** How long a run may hold a slot before its process renews the lease, unless the deployment says so. */
const GRACE_SECONDS = 300;

export interface DeploymentSlotsOfRun extends Pick<FlowRunTransition, "slots" | "leased"> {
  /** Locked until the write ends. */
  limit: ConcurrencyLimitRow | null;
}

const NO_FACTS: DeploymentSlotsOfRun = { slots: null, leased: false, limit: null };

/** What the rules need for this transition; nothing else is read. */
export async function readDeploymentSlots(
  tx: Db,
  run: FlowRunRow,
  current: State | null,
  proposed: ProposedState,
  now: Timestamp,
): Promise<DeploymentSlotsOfRun> {
  if (run.deployment_id === null) return NO_FACTS;
  const lease = current?.state_details.deployment_concurrency_lease_id ?? null;
  const claims = proposed.type === "PENDING" && !mayHoldSlot(current);
  const starts = proposed.type === "RUNNING" && current?.type === "PENDING" && lease !== null;
  const late = proposed.type === "SCHEDULED" && proposed.name === "Late";
  if (!claims && !starts && !late) return NO_FACTS;
  const row = await deploymentConcurrency(tx, run.deployment_id);
  if (row === undefined) return { ...NO_FACTS, slots: "missing" };
  // Locks the lease before the limit, as endLease does: another order could deadlock.
  const leased = starts && (await lockLease(tx, lease)) !== undefined;
  const [limit] =
    row.concurrency_limit_id === null ? [] : await lockLimits(tx, { column: "id", values: [row.concurrency_limit_id] });
  const options = parseJson(row.concurrency_options ?? "null") as ConcurrencyOptions | null;
  return {
    slots: {
      limit: limit === undefined ? null : limitFacts(limit, now),
      onCollision: options?.collision_strategy ?? "ENQUEUE",
      graceSeconds: options?.grace_period_seconds ?? GRACE_SECONDS,
    },
    leased,
    limit: limit ?? null,
  };
}

interface ConcurrencyOptions {
  collision_strategy: DeploymentSlots["onCollision"];
  grace_period_seconds?: number | null;
}

/** An inactive limit has no free slots, as in Prefect. */
function limitFacts(limit: ConcurrencyLimitRow, now: Timestamp): NonNullable<DeploymentSlots["limit"]> {
  return {
    id: limit.id,
    most: limit.limit,
    free: limit.active === 1 && take(limit, 1, now) !== undefined,
    full: activeSlots(limit, now) >= limit.limit,
  };
}

/** Applies the side effects. Returns the new lease. */
export async function applyEffects(
  context: Context,
  tx: Db,
  run: FlowRunRow,
  effects: readonly Effect[],
  limit: ConcurrencyLimitRow | null,
): Promise<string | null> {
  const now = context.clock.now();
  let granted: string | null = null;
  for (const effect of effects) {
    if (effect.kind === "renew-lease") await extendLease(tx, effect.leaseId, addSeconds(now, effect.seconds));
    else if (limit !== null) {
      const after = take(limit, 1, now);
      if (after === undefined) throw new Error(`a slot of ${limit.name} was counted as free and is not`);
      await updateLimit(tx, limit.id, { updated: now, ...after });
      const holder = { type: "flow_run", id: run.id } as const;
      granted = await grantLease(context, tx, { limitIds: [limit.id], slots: 1, seconds: effect.seconds, holder });
    }
  }
  return granted;
}
