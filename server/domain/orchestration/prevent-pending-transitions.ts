import type { Ruling, Transition } from "./decide.ts";
import { withDetails } from "./state.ts";

const CLAIMED: ReadonlySet<string> = new Set(["PENDING", "RUNNING", "CANCELLING", "CANCELLED"]);

/** The client that sets a run PENDING has claimed it, and a second one must leave it alone. The first one may go on to PENDING states of
 *  other names. For flow runs, and for task runs that task workers run. */
export function preventPendingTransitions<T extends Transition>({ current, proposed }: T): Ruling<T> | undefined {
  if (current === null || proposed.type !== "PENDING" || !CLAIMED.has(current.type)) return undefined;
  if (current.type === "PENDING" && current.name !== proposed.name && proposed.name !== "Pending") {
    const { scheduled_time, deployment_concurrency_lease_id } = current.state_details;
    const change: Partial<Transition> = {
      proposed: withDetails(proposed, { scheduled_time, deployment_concurrency_lease_id }),
    };
    return { kind: "amend", change: change as Partial<T> };
  }
  return { kind: "abort", reason: `This run is in a ${current.type} state and cannot transition to a PENDING state.` };
}
