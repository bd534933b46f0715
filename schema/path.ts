import { definedKeys, equal, isObject, type Plan, type PlanObject } from "./json.ts";

/** Where something stands in a tree of values: property names and array indexes from the root. */
export type Path = readonly (string | number)[];

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Pulumi's spelling of a path: `a.b[0]["odd.key"]`. The empty path is the empty string. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (PLAIN_NAME.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** One leaf at which two trees differ. A whole subtree that exists on one side only is one leaf. */
export interface LeafChange {
  path: Path;
  kind: "add" | "delete" | "update";
}

/** Every leaf at which `after` differs from `before`; arrays are compared by index. Empty when they are equal.
 *  An unknown differs from everything. `undefined` is absence. */
export function leafChanges(before: Plan | undefined, after: Plan | undefined, path: Path = []): LeafChange[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => leafChanges(before[index], after[index], [...path, index])).flat();
  }
  if (isObject(before) && isObject(after)) {
    const left: PlanObject = before;
    const right: PlanObject = after;
    const keys = [...new Set([...definedKeys(left), ...definedKeys(right)])];
    return keys.flatMap((key) => leafChanges(own(left, key), own(right, key), [...path, key]));
  }
  return equal(before, after) ? [] : [{ path, kind: "update" }];
}

function own(value: PlanObject, key: string): Plan | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
