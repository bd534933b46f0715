import type { Change } from "../changes.ts";
import type { NewEvent } from "./event.ts";

/** Stores events and publishes them. */
export interface EventRecorder {
  /** Resolves when the events, and the task runs that they report, are stored and published. Calls are served in order. Events that are known
   *  already, or too large, are left out. Throws: StoreError `unavailable`, when the database stays unavailable. */
  record(events: readonly NewEvent[]): Promise<void>;
  /** Records the events of changes, after what was recorded before. */
  follow(changes: readonly Change[]): void;
  /** Resolves when nothing is left to do. */
  idle(): Promise<void>;
}
