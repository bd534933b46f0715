import type { Plan } from "../../json.ts";
import { TYPES } from "./assertions.ts";
import type { Violation } from "./outcome.ts";
import { compareText } from "./python-text.ts";

/** The violation that `jsonschema.exceptions.best_match` (4.26) would report: the one highest up in the value; under `anyOf`
 *  and `oneOf` the deepest one inside, unless two are equally good. `undefined` for none. */
export function bestMatch(violations: readonly Violation[]): Violation | undefined {
  let best: Violation | undefined;
  for (const each of violations) if (best === undefined || compare(each, best, 0) > 0) best = each;
  while (best !== undefined && best.context.length > 0) {
    const from = best.path.length;
    // A stable sort, so that of equals the first comes first.
    const [first, second] = [...best.context].sort((a, b) => compare(a, b, from));
    if (first === undefined || (second !== undefined && compare(first, second, from) === 0)) return best;
    best = first;
  }
  return best;
}

/** Greater is more relevant. Paths count from where the context begins. */
function compare(a: Violation, b: Violation, from: number): number {
  return (
    b.path.length - a.path.length ||
    comparePaths(a.path.slice(from), b.path.slice(from)) ||
    Number(!isWeak(a)) - Number(!isWeak(b)) ||
    Number(!matchesType(a)) - Number(!matchesType(b))
  );
}

function comparePaths(a: Violation["path"], b: Violation["path"]): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const left = a[index] as string | number;
    const right = b[index] as string | number;
    if (left === right) continue;
    return typeof left === "number" && typeof right === "number"
      ? left - right
      : compareText(String(left), String(right));
  }
  return a.length - b.length;
}

const isWeak = (violation: Violation): boolean => violation.keyword === "anyOf" || violation.keyword === "oneOf";

/** Whether the value is at least of the type that the failing schema asks for. */
function matchesType({ schema, instance }: Violation): boolean {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema) || !Object.hasOwn(schema, "type"))
    return false;
  const { type } = schema as { type: Plan };
  const types = Array.isArray(type) ? type : [type];
  return types.some(
    (each) => typeof each === "string" && Object.hasOwn(TYPES, each) && TYPES[each]?.(instance) === true,
  );
}
