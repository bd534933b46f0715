import { isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import type { Path } from "../../path.ts";
import { Stopped } from "./outcome.ts";
import { enter, Registry, type Scope, subschemas } from "./references.ts";

/** A reference that fails as soon as a value reaches it. */
export interface BrokenReference {
  /** In the schema. */
  path: Path;
  /** `circular`: it leads back to itself without going into the value. `unresolvable`: it leads nowhere. */
  reason: "circular" | "unresolvable";
}

/** All broken references of a valid schema, whether or not a value reaches them. `resolvedIn`: the document that references are
 *  looked up in. It differs from the schema where that has been preprocessed; the paths are those of `schema`, as the user wrote it. */
export function brokenReferences(schema: PlanObject, resolvedIn: PlanObject): BrokenReference[] {
  return new Walk(schema, new Registry(resolvedIn)).found;
}

/** Keywords whose schemas apply to the same value. */
const SAME_VALUE = new Set(["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"]);

class Walk {
  readonly found: BrokenReference[] = [];
  private readonly registry: Registry;
  private readonly visited = new Set<object>();
  private readonly root: PlanObject;
  private readonly resolvedIn: Registry;

  constructor(root: PlanObject, resolvedIn: Registry) {
    this.root = root;
    this.resolvedIn = resolvedIn;
    this.registry = new Registry(root);
    this.visit(root, this.registry.root, [], new Set());
  }

  /** `path`: where the schema stands, if that is known; else problems are reported at `from`, the reference that led here.
   *  `around`: the schemas that apply to the same value and lead here. */
  private visit(
    schema: Plan,
    scope: Scope,
    path: Path | undefined,
    around: ReadonlySet<object>,
    from: Path = [],
  ): void {
    if (!isObject(schema) || this.visited.has(schema)) return;
    this.visited.add(schema);
    const inside = enter(scope, schema);
    const here = new Set(around).add(schema);
    for (const [steps, each] of subschemas(schema)) {
      const keyword = String(steps[0]);
      if (keyword === "$defs" || keyword === "definitions") continue;
      this.visit(each, inside, path && [...path, ...steps], SAME_VALUE.has(keyword) ? here : new Set(), from);
    }
    for (const keyword of ["$ref", "$dynamicRef"]) {
      const reference = (schema as PlanObject)[keyword];
      if (typeof reference === "string") this.follow(reference, inside, path ? [...path, keyword] : from, here);
    }
  }

  private follow(reference: string, scope: Scope, path: Path, around: ReadonlySet<object>): void {
    try {
      const target = this.registry.lookup(scope, reference, path);
      if (target.contents === UNKNOWN) return;
      if (isObject(target.contents) && around.has(target.contents)) this.found.push({ path, reason: "circular" });
      else this.visit(target.contents, target.scope, placeOf(reference, this.root), around, path);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      if (this.isUnresolvable(reference, scope, path)) this.found.push({ path, reason: "unresolvable" });
    }
  }

  private isUnresolvable(reference: string, scope: Scope, path: Path): boolean {
    try {
      this.resolvedIn.lookup(scope, reference, path);
      return false;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      return true;
    }
  }
}

/** Where a reference into the same document leads, if it is a plain JSON pointer to a place in it. */
function placeOf(reference: string, root: PlanObject): Path | undefined {
  if (!reference.startsWith("#/") || reference.includes("%")) return undefined;
  let value: Plan | undefined = root;
  const path: (string | number)[] = [];
  for (const raw of reference.slice(2).split("/")) {
    const step: string | number = Array.isArray(value) ? Number(raw) : raw.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as PlanObject)[step];
    path.push(step);
  }
  return path;
}
