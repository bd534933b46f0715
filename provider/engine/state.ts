import type { ResourceContract } from "../../schema/define.ts";
import type { Json, JsonObject, Plan } from "../../schema/json.ts";

/** State is one flat object: declared fields and directives as applied, and outputs. These functions are the only
 *  ones that take it apart or put it together. */

/** The part of a state that the program declared when it was last applied. Hosts' keys (`__*`) are dropped. */
export function appliedOf(contract: ResourceContract, state: JsonObject): JsonObject {
  return pickDeclared(contract, state, [...Object.keys(contract.fields), ...Object.keys(contract.directives)]);
}

/** Values by name, without nulls, but for fields whose value may be null. */
export function pickDeclared(contract: ResourceContract, values: JsonObject, names: readonly string[]): JsonObject {
  const picked = pick(values, names);
  for (const name of names) {
    if (contract.fields[name]?.nullable && Object.hasOwn(values, name) && values[name] === null) picked[name] = null;
  }
  return picked;
}

export function outputsOf(contract: ResourceContract, state: JsonObject): JsonObject {
  return pick(state, Object.keys(contract.outputs));
}

export function stateOf<T extends Plan>(
  declared: { [key: string]: T },
  outputs: JsonObject,
): { [key: string]: T | Json } {
  return { ...declared, ...outputs };
}

/** What is known of where an object is: its identity, its address, or both. */
export interface Target {
  uuid?: string | undefined;
  key?: JsonObject | undefined;
  /** What the program declares or declared there, for kinds whose live value depends on it. */
  declared?: JsonObject | undefined;
}

export function targetOf(contract: ResourceContract, state: JsonObject): Target {
  const uuid = contract.identity === undefined ? undefined : state[contract.identity];
  return { uuid: typeof uuid === "string" ? uuid : undefined, key: keyOf(contract, state), declared: state };
}

export function keyOf(contract: ResourceContract, values: JsonObject): JsonObject {
  return pick(values, contract.naturalKey);
}

/** The object's address as people write it: `pool/queue`. */
export function addressOf(contract: ResourceContract, values: JsonObject): string {
  return contract.naturalKey.map((key) => String(values[key] ?? "?")).join("/");
}

export function pick(values: JsonObject, names: readonly string[]): JsonObject {
  const picked: JsonObject = {};
  for (const name of names) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined && value !== null) picked[name] = value;
  }
  return picked;
}
