import type { FlowRun } from "../store/queries/runs/flow-runs.ts";
import type { WorkQueue } from "../store/queries/work-pools/work-queues.ts";
import type { DeploymentRow } from "../store/tables/deployments.ts";
import type { TaskRunRow } from "../store/tables/task-runs.ts";
import type { WorkPoolRow } from "../store/tables/work-pools.ts";
import type { State } from "./orchestration/state.ts";

/** What changed in the domain: events and messages to workers are made from it. */
export type Change =
  | { kind: "flow-run-state"; run: FlowRun; before: State | null; after: State }
  | { kind: "task-run-state"; run: TaskRunRow; before: State | null; after: State }
  | { kind: "work-pool"; object: BeforeAndAfter<WorkPoolRow> }
  | { kind: "work-queue"; object: BeforeAndAfter<WorkQueue> }
  | { kind: "deployment"; object: BeforeAndAfter<DeploymentRow> };

/** A row that was created (no before), changed (also its status), or deleted (no after). */
export type BeforeAndAfter<Row extends object> =
  | { before: null; after: Row }
  | { before: Row; after: Row }
  | { before: Row; after: null };

/** Where changes are reported. Inside a `transaction` they wait for the commit. */
export interface Changes {
  report(change: Change): void;
}

export type Listener = (changes: readonly Change[]) => void;

/** Calls listeners at once. They must be quick and not throw. */
export interface ChangeBus extends Changes {
  tell(changes: readonly Change[]): void;
  /** Returns the function that removes the listener. */
  listen(listener: Listener): () => void;
}

export function changeBus(): ChangeBus {
  const listeners = new Set<Listener>();
  const tell = (changes: readonly Change[]): void => {
    if (changes.length > 0) for (const listener of listeners) listener(changes);
  };
  return {
    tell,
    report: (change) => tell([change]),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
