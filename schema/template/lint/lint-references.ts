import { isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import type { Path } from "../../path.ts";
import type { Problem } from "../../problem.ts";
import { Stopped } from "../json-schema/outcome.ts";
import { enter, Registry, type Scope, subschemas } from "../json-schema/references.ts";
import { PreprocessCrash, preprocess } from "../validation/preprocess.ts";

/** References that only hurt when a value reaches them: the server takes the template, and runs that set such a value fail. */
export function lintReferences(variables: PlanObject): Problem[] {
  try {
    return new Walk(variables, new Registry(preprocess(variables, true))).problems;
  } catch (error) {
    if (error instanceof PreprocessCrash) return [];
    throw error;
  }
}

/** Keywords whose schemas apply to the same value. */
const SAME_VALUE = new Set(["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"]);

class Walk {
  readonly problems: Problem[] = [];
  private readonly registry: Registry;
  private readonly seen = new Set<object>();

  private readonly root: PlanObject;
  /** What references are really looked up in: blocks are also found by their titles there. */
  private readonly processed: Registry;

  /** The walk itself goes through what the user wrote, for the sake of its paths. */
  constructor(root: PlanObject, processed: Registry) {
    this.root = root;
    this.processed = processed;
    this.registry = new Registry(root);
    this.visit(root, this.registry.root, [], new Set());
  }

  /** `path`: where it stands, if that is known; else problems are told `from` the reference that led here. `around`: the schemas
   *  that apply to the same value and lead here. */
  private visit(
    schema: Plan,
    scope: Scope,
    path: Path | undefined,
    around: ReadonlySet<object>,
    from: Path = [],
  ): void {
    if (!isObject(schema) || this.seen.has(schema)) return;
    this.seen.add(schema);
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
      const found = this.registry.lookup(scope, reference, path);
      if (found.contents === UNKNOWN) return;
      if (isObject(found.contents) && around.has(found.contents)) {
        this.report("template/circular-reference", path, CIRCULAR);
      } else this.visit(found.contents, found.scope, placeOf(reference, this.root), around, path);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      if (this.leadsNowhere(reference, scope, path)) this.report("template/unresolvable-reference", path, NOWHERE);
    }
  }

  private leadsNowhere(reference: string, scope: Scope, path: Path): boolean {
    try {
      this.processed.lookup(scope, reference, path);
      return false;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      return true;
    }
  }

  private report(rule: string, path: Path, message: string): void {
    this.problems.push({ rule, severity: "warning", path: ["variables", ...path], message });
  }
}

const CIRCULAR =
  "refers back to itself without going into the value: runs that set such a value fail with an internal error of the server";
const NOWHERE =
  'leads nowhere: runs that set a value for it are refused. Only places in `variables` can be referred to, for instance "#/definitions/<name>"';

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
