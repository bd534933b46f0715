/** Any JSON value. `undefined` is never part of it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A value that is not known yet (an output of something that does not exist before apply). It stands in a tree where
 *  the value will be. A symbol, so that no user's data can be mistaken for it. */
export const UNKNOWN: unique symbol = Symbol("prefect-iac.unknown");
export type Unknown = typeof UNKNOWN;

/** JSON in which any node may still be unknown. */
export type Plan = null | boolean | number | string | Unknown | Plan[] | { [key: string]: Plan };
export type PlanObject = { [key: string]: Plan };

export function isObject(value: unknown): value is { [key: string]: never } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether anything in the tree is unknown. */
export function hasUnknown(value: Plan | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isObject(value)) return Object.values(value as PlanObject).some(hasUnknown);
  return false;
}

/** Narrows a tree to JSON. Throws: Error when something in it is unknown (a bug of ours: apply never sees unknowns). */
export function known(value: Plan): Json {
  if (hasUnknown(value)) throw new Error("an unknown value reached a place where all values must be known");
  return value as Json;
}

/** Structural equality: key order does not count, array order does, `1` and `1.0` are one number. An unknown equals
 *  nothing, not even itself. A key set to `undefined` counts as absent. */
export function equal(a: Plan | undefined, b: Plan | undefined): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return false;
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const left = definedKeys(a);
    const right = definedKeys(b);
    return left.length === right.length && left.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
  }
  return false;
}

export function definedKeys(value: { [key: string]: unknown }): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}

/** Sets a key as an own property, whatever its name: a plain assignment of `__proto__` would change the prototype. */
export function setKey<T>(target: { [key: string]: T }, key: string, value: T): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
