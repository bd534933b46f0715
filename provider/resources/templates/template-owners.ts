import type { Plan } from "../../../schema/json.ts";
import type { Problem } from "../../../schema/problem.ts";

/** Which resource of the program declares a pool's template: the pool itself or one BaseJobTemplate, never both. */
export class TemplateOwners {
  readonly #ownerOf = new Map<string, string>();

  /** `field` is the one that holds the template. Returns what contradicts an earlier declaration. */
  declare(pool: Plan | undefined, owner: string, field: string): Problem[] {
    if (typeof pool !== "string") return [];
    const other = this.#ownerOf.get(pool);
    this.#ownerOf.set(pool, other ?? owner);
    if (other === undefined || other === owner) return [];
    const message = `is also declared by the ${other} of the same pool: they would undo each other. Keep one of them`;
    return [{ rule: "template/two-owners", severity: "error", path: [field], message }];
  }
}
