import { isObject, type Plan, type PlanObject } from "../../json.ts";
import type { Place } from "./evaluate.ts";
import { Stopped, type Violation } from "./outcome.ts";
import { repr } from "./python-text.ts";

export function violation(
  keyword: string,
  instance: Plan,
  schema: PlanObject,
  at: Place,
  say: () => string,
): Violation {
  return { keyword, path: at.path, instance, schema, say, context: [] };
}

/** Keywords have the shapes that JSON Schema demands, except where a reference leads to a place that nobody checked. There
 *  Python raises. */
export function object(value: Plan, at: Place): PlanObject {
  if (isObject(value)) return value;
  throw new Stopped("crash", at.path, "a keyword that should hold an object");
}

export function list(value: Plan, at: Place): Plan[] {
  if (Array.isArray(value)) return value;
  throw new Stopped("crash", at.path, "a keyword that should hold a list");
}

export function number(value: Plan, at: Place): number {
  if (typeof value === "number") return value;
  throw new Stopped("crash", at.path, "a keyword that should hold a number");
}

export function text(value: Plan, at: Place): string {
  if (typeof value === "string") return value;
  throw new Stopped("crash", at.path, "a keyword that should hold a string");
}

/** "'a', 'b' were": the start of a sentence about things there are too many of. */
export function extras(values: readonly Plan[]): string {
  return `${values.map(repr).join(", ")} ${values.length === 1 ? "was" : "were"}`;
}
