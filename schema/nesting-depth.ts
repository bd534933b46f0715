import { isObject, type Plan, type PlanObject } from "./json.ts";
import type { Path } from "./path.ts";

/** How deeply a document may be nested so that a server takes it and can still answer with it. Measured on Prefect 3.8.4: it
 *  stores more, and then fails with an internal error in every answer that holds the document (from 252 on). */
export const MAX_DEPTH = 250;

/** Where a document is nested more deeply than `most` objects and lists, if anywhere. Safe on any depth, and on cycles. */
export function findTooDeep(value: Plan, most = MAX_DEPTH): Path | undefined {
  const open: { value: Plan; path: Path | undefined; level: number; parent: number; step: string | number }[] = [];
  const chain: { parent: number; step: string | number }[] = [];
  const push = (each: Plan, level: number, parent: number, step: string | number): void => {
    if (typeof each === "object" && each !== null) open.push({ value: each, path: undefined, level, parent, step });
  };
  push(value, 1, -1, "");
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const self = chain.push({ parent: next.parent, step: next.step }) - 1;
    if (next.level > most) return pathOf(chain, self).slice(0, 8);
    if (Array.isArray(next.value))
      for (const [index, each] of next.value.entries()) push(each, next.level + 1, self, index);
    else if (isObject(next.value)) {
      for (const [key, each] of Object.entries(next.value as PlanObject)) push(each, next.level + 1, self, key);
    }
  }
  return undefined;
}

function pathOf(chain: readonly { parent: number; step: string | number }[], from: number): Path {
  const path: (string | number)[] = [];
  for (let index = from; index > 0; index = chain[index]?.parent ?? -1) path.push(chain[index]?.step ?? "");
  return path.reverse();
}
