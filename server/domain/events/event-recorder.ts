import type { Change } from "../changes.ts";
import type { NewEvent } from "./event.ts";

/** Takes events in, keeps them, and tells them. */
export interface EventRecorder {
  /** Answers when they are stored, what they report of task runs too, and told to whoever listens. Calls are served in their order. An
   *  event that is known already, or is too large, is left out. Throws: StoreError `unavailable`, when the database stays away. */
  record(events: readonly NewEvent[]): Promise<void>;
  /** Does the same, after what was recorded before, with the events that changes give. */
  follow(changes: readonly Change[]): void;
  /** Answers when nothing is left to do. */
  idle(): Promise<void>;
}
