import { isObject, type Plan, type PlanObject } from "../json.ts";
import type { Path } from "../path.ts";

/** Visits every string in a document: keys (with the path of their values) and values. The path is reused: copy what you keep. */
export function visitStrings(
  value: Plan,
  visit: (text: string, path: Path, isKey: boolean) => void,
  path: Path = [],
): void {
  const steps = [...path];
  const go = (each: Plan | undefined): void => {
    if (typeof each === "string") visit(each, steps, false);
    else if (Array.isArray(each)) {
      for (let index = 0; index < each.length; index++) {
        steps.push(index);
        go(each[index]);
        steps.pop();
      }
    } else if (isObject(each)) {
      const object: PlanObject = each;
      for (const key of Object.keys(object)) {
        if (object[key] === undefined) continue;
        steps.push(key);
        visit(key, steps, true);
        go(object[key]);
        steps.pop();
      }
    }
  };
  go(value);
}
