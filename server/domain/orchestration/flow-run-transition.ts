import type { FlowRunRow } from "../../store/tables/flow-runs.ts";
import type { Rule, Transition } from "./decide.ts";
import type { FlowRunPolicy } from "./policy.ts";

/** A flow run's transition: what its rules see besides the states. */
export interface FlowRunTransition extends Transition {
  readonly run: Pick<FlowRunRow, "run_count" | "deployment_id" | "parent_task_run_id" | "infrastructure_pid">;
  readonly policy: FlowRunPolicy;
  /** The limit of the run's deployment; null where no rule needs it. `missing`: the deployment is gone. */
  readonly slots: DeploymentSlots | "missing" | null;
  /** The lease that the current state names exists. */
  readonly leased: boolean;
  /** Which limit the run would exceed; null: none, or the transition needs no slot. */
  readonly reachedLimit: "pool" | "queue" | null;
  readonly client: ClientBehavior;
}

export interface DeploymentSlots {
  /** Null: runs of it are not limited. */
  limit: { id: string; most: number; free: boolean; full: boolean } | null;
  onCollision: "ENQUEUE" | "CANCEL_NEW";
  /** How long a run may hold a slot before its process renews the lease. */
  graceSeconds: number;
}

/** How the requesting client handles slots. */
export interface ClientBehavior {
  /** Its flow processes renew leases (3.4.11 and newer). */
  renewsLeases: boolean;
  /** It takes slots itself (workers 3.0.0 to 3.0.3). */
  takesSlots: boolean;
}

/** The server itself, and clients that do not send their version. */
export const UNKNOWN_CLIENT: ClientBehavior = { renewsLeases: false, takesSlots: false };

export type FlowRunRule = Rule<FlowRunTransition>;
