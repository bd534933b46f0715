import type { Timestamp } from "../../values/timestamp.ts";
import type { ProposedState, State } from "./state.ts";

/** What every rule sees: the current and the proposed state. */
export interface Transition {
  readonly current: State | null;
  readonly proposed: ProposedState;
  readonly now: Timestamp;
}

/** A side effect besides writing the state. */
export type Effect =
  | { kind: "take-slot"; limitId: string; seconds: number }
  | { kind: "renew-lease"; leaseId: string; seconds: number };

/** A rule's verdict; `undefined`: none.
 *  - `amend`: the transition goes on, changed.
 *  - `reject`: this state instead, or none: the run stays as it is, and the client takes over its state.
 *  - `abort`: no change, and the client gives the run up.
 *  - `wait`: no change, and the client asks again later. */
export type Ruling<T extends Transition> =
  | { kind: "amend"; change: Partial<T>; effects?: readonly Effect[] }
  | { kind: "reject"; state: ProposedState | null; reason: string; change?: Partial<T> }
  | { kind: "abort"; reason: string }
  | { kind: "wait"; delaySeconds: number; reason: string };

export type Rule<T extends Transition> = (transition: T) => Ruling<T> | undefined;

export interface Decision<T extends Transition> {
  status: "ACCEPT" | "REJECT" | "ABORT" | "WAIT";
  /** The state to write. Null: the run stays as it is. */
  state: ProposedState | null;
  reason: string | null;
  /** With WAIT only. */
  delaySeconds: number | null;
  /** The transition as the rules have changed it. */
  transition: T;
  effects: readonly Effect[];
}

/** The outcome of a request for a state. */
export interface Outcome extends Pick<Decision<never>, "status" | "reason" | "delaySeconds"> {
  /** The details are reported in the form of another status. */
  reportedAs?: "ABORT";
  /** The run's state now. */
  state: State | null;
  /** The state is a new one. */
  changed: boolean;
}

/** Applies the rules in order. The first refusal decides, and undoes what earlier rules changed. */
export function decide<T extends Transition>(rules: readonly Rule<T>[], requested: T): Decision<T> {
  let transition = requested;
  const effects: Effect[] = [];
  for (const rule of rules) {
    const ruling = rule(transition);
    if (ruling === undefined) continue;
    if (ruling.kind !== "amend") return refusal(ruling, requested);
    transition = { ...transition, ...ruling.change };
    if (ruling.effects !== undefined) effects.push(...ruling.effects);
  }
  return { status: "ACCEPT", state: transition.proposed, reason: null, delaySeconds: null, transition, effects };
}

function refusal<T extends Transition>(ruling: Exclude<Ruling<T>, { kind: "amend" }>, requested: T): Decision<T> {
  const { reason } = ruling;
  const nothing = { state: null, reason, delaySeconds: null, transition: requested, effects: [] };
  switch (ruling.kind) {
    case "reject":
      return { ...nothing, status: "REJECT", state: ruling.state, transition: { ...requested, ...ruling.change } };
    case "abort":
      return { ...nothing, status: "ABORT" };
    case "wait":
      return { ...nothing, status: "WAIT", delaySeconds: ruling.delaySeconds };
  }
}
