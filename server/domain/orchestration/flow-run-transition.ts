import type { FlowRunRow } from "../../store/tables/flow-runs.ts";
import type { Rule, Transition } from "./decide.ts";
import type { FlowRunPolicy } from "./policy.ts";

/** What rules about flow runs see besides the states. */
export interface FlowRunTransition extends Transition {
  readonly run: Pick<FlowRunRow, "run_count" | "deployment_id" | "parent_task_run_id" | "infrastructure_pid">;
  readonly policy: FlowRunPolicy;
  /** What the run's deployment says about slots; null where no rule needs it. `missing`: it is gone. */
  readonly slots: DeploymentSlots | "missing" | null;
  /** The lease that the current state names is there. */
  readonly leased: boolean;
  /** Whose limit has no place for the run; null: nobody's, or no rule asks. */
  readonly crowded: "pool" | "queue" | null;
  readonly client: ClientManners;
}

export interface DeploymentSlots {
  /** Null: runs of it are not limited. */
  limit: { id: string; most: number; free: boolean; full: boolean } | null;
  onCollision: "ENQUEUE" | "CANCEL_NEW";
  /** How long a run may hold a slot before its process renews the lease. */
  graceSeconds: number;
}

/** How the client that asks deals with slots. */
export interface ClientManners {
  /** Its flow processes renew leases (3.4.11 and newer). */
  renewsLeases: boolean;
  /** It takes slots by itself (workers 3.0.0 to 3.0.3). */
  takesSlots: boolean;
}

/** The server itself, and clients that don't say who they are. */
export const UNKNOWN_CLIENT: ClientManners = { renewsLeases: false, takesSlots: false };

export type FlowRunRule = Rule<FlowRunTransition>;
