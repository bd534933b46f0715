import type { Field, ResourceContract } from "../../schema/define.ts";
import { equal, hasUnknown, type Json, type Plan, type PlanObject } from "../../schema/json.ts";
import { type LeafChange, leafChanges } from "../../schema/path.ts";

/** What happens to one field, and why.
 *  - `changed`: declared differs from known; it is set.
 *  - `managed`: declared now, not when last applied; taken under management, sent only where it differs.
 *  - `cleared`: no longer declared, and its contract says what the server gets instead.
 *  - `released`: no longer declared, kept as it is on the server; nothing is sent.
 *  - `directive`: steers the provider; nothing is sent. */
export type Reason = "changed" | "managed" | "cleared" | "released" | "directive";

export interface FieldChange {
  field: string;
  reason: Reason;
  /** The change makes a new object. */
  replaces: boolean;
  /** What goes to the server, if anything; `null` clears. Absent: nothing is sent for this field. */
  send?: { value: Plan };
  /** Leaves that differ between applied and declared, from the resource's root (the first step is the field). Never values. */
  leaves: LeafChange[];
}

export interface Decision {
  outcome: "none" | "update" | "replace";
  changes: FieldChange[];
  /** Fields whose declaration is what was applied last, but that the server has another value for. They are never sent. */
  drift: string[];
  /** The object keeps its address, so should it be replaced, the old one has to go first. Also said when nothing here asks for
   *  a replacement: a user may, with an option of the host. */
  deleteBeforeReplace: boolean;
}

/** The one rule: what changed in the declaration is sent where the server does not have it; what did not change is not sent. All
 *  three are flat objects of the contract's names; absence means not declared, not applied, not there.
 *  - `declared`: what the program says now; leaves may be UNKNOWN, and an unknown differs from everything.
 *  - `applied`: what it said when last applied.
 *  - `known`: what is known of the server: the applied values when nobody looked, else the live ones. */
export function decide(
  contract: ResourceContract,
  declared: PlanObject,
  applied: PlanObject,
  known: PlanObject,
): Decision {
  const changes: FieldChange[] = [];
  const drift: string[] = [];
  for (const [name, field] of Object.entries(contract.fields)) {
    if (declared[name] !== undefined && equal(declared[name], applied[name])) {
      if (!equal(declared[name], known[name])) drift.push(name);
      continue;
    }
    const change = decideField(name, field, declared[name], applied[name], known[name]);
    if (change !== undefined) changes.push(change);
  }
  for (const name of Object.keys(contract.directives)) {
    if (equal(declared[name], applied[name])) continue;
    const leaves = leafChanges(applied[name], declared[name], [name]);
    changes.push({ field: name, reason: "directive", replaces: false, leaves });
  }
  const replaces = changes.some((change) => change.replaces);
  const outcome = replaces ? "replace" : changes.length > 0 ? "update" : "none";
  const sameAddress = contract.naturalKey.every((key) => equal(declared[key], applied[key]));
  return { outcome, changes, drift, deleteBeforeReplace: sameAddress };
}

function decideField(
  name: string,
  field: Field,
  declared: Plan | undefined,
  applied: Plan | undefined,
  known: Plan | undefined,
): FieldChange | undefined {
  if (declared === undefined && applied === undefined) return undefined;
  const leaves = leafChanges(applied, declared, [name]);
  if (declared === undefined) {
    if (field.removed === "keep" || field.removed === undefined) {
      return { field: name, reason: "released", replaces: false, leaves };
    }
    const value = field.removed.set;
    const same = equal(value ?? undefined, known);
    return { field: name, reason: "cleared", replaces: false, leaves, ...(same ? {} : { send: { value } }) };
  }
  const same = equal(declared, known);
  const replaces = !same && field.onChange === "replace";
  const sending: Pick<FieldChange, "send"> = same ? {} : { send: { value: declared } };
  if (applied === undefined) return { field: name, reason: "managed", replaces, leaves, ...sending };
  return { field: name, reason: "changed", replaces, leaves, ...sending };
}

/** Whether carrying out the decision could need a request at all: letting go and directives never do. */
export function needsServer(decision: Decision): boolean {
  return decision.changes.some((change) => change.reason !== "released" && change.reason !== "directive");
}

/** What an apply sends, by surface name. Throws: Error when a value is still unknown (a bug of ours). */
export function toSend(decision: Decision): { [field: string]: Json } {
  const values: { [field: string]: Json } = {};
  for (const { field, send } of decision.changes) {
    if (send === undefined) continue;
    if (hasUnknown(send.value)) throw new Error(`${field} is still unknown while it is applied`);
    values[field] = send.value as Json;
  }
  return values;
}
