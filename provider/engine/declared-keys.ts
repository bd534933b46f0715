import type { ResourceContract } from "../../schema/define.ts";
import { hasUnknown, type JsonObject, type PlanObject } from "../../schema/json.ts";
import type { Problem } from "../../schema/problem.ts";

/** Which resource of the program declares which object. Two that declare the same one would undo each other, and deleting one would
 *  delete the other's. */
export class DeclaredKeys {
  readonly #ownerOf = new Map<string, string>();

  /** Returns the contradiction with an earlier declaration. A host checks a resource more than once, so one without a name is not
   *  judged: it may be the same. */
  declare({ kind, naturalKey }: ResourceContract, declared: PlanObject, resourceName: string | undefined): Problem[] {
    const known = naturalKey.every((name) => declared[name] !== undefined && !hasUnknown(declared[name]));
    if (resourceName === undefined || !known) return [];
    const key = keyOf({ kind, naturalKey }, declared);
    const owner = this.#ownerOf.get(key) ?? resourceName;
    this.#ownerOf.set(key, owner);
    if (owner === resourceName) return [];
    const message = `is also declared by the resource "${owner}": "${owner}" and "${resourceName}" would be one ${kind} on the server. Remove one of them, or give it another ${naturalKey.at(-1)}`;
    return [{ rule: "declared-twice", severity: "error", path: [naturalKey.at(-1) ?? ""], message }];
  }

  /** The resource was destroyed: another one may declare the object now. */
  release(contract: ResourceContract, state: JsonObject): void {
    this.#ownerOf.delete(keyOf(contract, state));
  }
}

function keyOf({ kind, naturalKey }: Pick<ResourceContract, "kind" | "naturalKey">, values: PlanObject): string {
  return JSON.stringify([kind, ...naturalKey.map((name) => values[name])]);
}
