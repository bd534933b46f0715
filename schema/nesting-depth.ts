import { isObject, type Plan, type PlanObject } from "./json.ts";
import type { Path } from "./path.ts";

/** How deeply a document may be nested so that a server accepts it and can still answer with it. Measured on Prefect 3.8.4: it
 *  stores more, and then fails with an internal error in every answer that contains the document (from 252 on). */
export const MAX_DEPTH = 250;

/** The path to a place where a document is nested more than `maxDepth` objects and lists deep, shortened to its first steps;
 *  `undefined` when there is none. Not recursive, so safe on any depth, and on cycles. */
export function findTooDeep(value: Plan, maxDepth = MAX_DEPTH): Path | undefined {
  const open: { value: Plan; depth: number; parent: number; step: string | number }[] = [];
  const visited: { parent: number; step: string | number }[] = [];
  const push = (each: Plan, depth: number, parent: number, step: string | number): void => {
    if (typeof each === "object" && each !== null) open.push({ value: each, depth, parent, step });
  };
  push(value, 1, -1, "");
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const index = visited.push({ parent: next.parent, step: next.step }) - 1;
    if (next.depth > maxDepth) return pathTo(index, visited).slice(0, 8);
    if (Array.isArray(next.value))
      for (const [position, each] of next.value.entries()) push(each, next.depth + 1, index, position);
    else if (isObject(next.value)) {
      for (const [key, each] of Object.entries(next.value as PlanObject)) push(each, next.depth + 1, index, key);
    }
  }
  return undefined;
}

function pathTo(index: number, visited: readonly { parent: number; step: string | number }[]): Path {
  const path: (string | number)[] = [];
  for (let at = index; at > 0; at = visited[at]?.parent ?? -1) path.push(visited[at]?.step ?? "");
  return path.reverse();
}
