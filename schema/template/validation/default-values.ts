import { isObject, type Plan, type PlanObject, UNKNOWN } from "../../json.ts";
import type { Path } from "../../path.ts";
import { evaluate, newBudget, Run } from "../json-schema/evaluate.ts";
import { Registry } from "../json-schema/references.ts";
import { withoutRequired } from "./preprocess.ts";
import { notASchema, problemOfStop, type SchemaProblem } from "./schema-problem.ts";

/** Data of block documents by id, for defaults that refer to one. */
export type Blocks = ReadonlyMap<string, Plan>;

export interface Defaults {
  /** By name. UNKNOWN for what cannot be judged: unknown leaves, blocks that are not at hand. */
  values: Map<string, Plan>;
  /** Why the server answers with an error before it validates anything. */
  problems: SchemaProblem[];
}

/** The defaults in the properties of a valid schema, references to blocks resolved. Paths from the schema's root.
 *  Source: prefect/server/api/validation.py, _get_base_config_defaults. */
export function collectDefaults(schema: PlanObject, blocks?: Blocks): Defaults {
  const found: Defaults = { values: new Map(), problems: [] };
  const properties = Object.hasOwn(schema, "properties") ? schema.properties : undefined;
  if (!isObject(properties)) return found;
  for (const [name, rules] of Object.entries(properties as PlanObject)) {
    if (rules === undefined || rules === UNKNOWN) continue;
    if (!isObject(rules)) found.problems.push(notASchema(["properties", name]));
    else if (Object.hasOwn(rules, "default")) {
      const resolved = resolve((rules as PlanObject).default, ["properties", name, "default"], blocks);
      if (resolved === undefined) continue;
      if ("problem" in resolved) found.problems.push(resolved.problem);
      else found.values.set(name, resolved.value);
    }
  }
  return found;
}

function resolve(
  value: Plan | undefined,
  path: Path,
  blocks: Blocks | undefined,
): { value: Plan } | { problem: SchemaProblem } | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value) || !Object.hasOwn(value, "$ref")) return { value };
  const { $ref: reference } = value as PlanObject;
  if (reference === UNKNOWN) return { value: UNKNOWN };
  const id = isObject(reference) ? ((reference as PlanObject).block_document_id ?? null) : undefined;
  if (id === null) return undefined;
  if (id === UNKNOWN) return { value: UNKNOWN };
  if (typeof id !== "string") return { problem: wrongReference(path) };
  if (!isId(id)) return { problem: missingBlock(path) };
  if (blocks === undefined) return { value: UNKNOWN };
  const block = blocks.get(id);
  return block === undefined ? { problem: missingBlock(path) } : { value: block };
}

/** Python's `UUID()` takes more spellings than the usual one. */
function isId(text: string): boolean {
  const hex = text
    .replaceAll("urn:", "")
    .replaceAll("uuid:", "")
    .replace(/^[{}]+|[{}]+$/g, "")
    .replaceAll("-", "");
  return /^[0-9a-f]{32}$/i.test(hex);
}

function missingBlock(path: Path): SchemaProblem {
  const message = "refers to a block document that does not exist: `block_document_id` must be the UUID of one";
  return { rule: "template/missing-block", severity: "error", path, message, detail: "Block not found." };
}

function wrongReference(path: Path): SchemaProblem {
  const message =
    'a default with the key `$ref` is read as a reference to a block: it must be `{ "$ref": { "block_document_id": "<uuid>" } }`, and anything else makes the server fail with an internal error';
  return { rule: "template/block-reference", severity: "error", path, message, detail: "Block not found." };
}

/** The ids of the block documents that a template's defaults refer to. */
export function referencedBlocks(schema: PlanObject): string[] {
  const properties = Object.hasOwn(schema, "properties") ? schema.properties : undefined;
  if (!isObject(properties)) return [];
  return Object.values(properties as PlanObject).flatMap((rules) => {
    const value = isObject(rules) && Object.hasOwn(rules, "default") ? (rules as PlanObject).default : undefined;
    const reference = isObject(value) && Object.hasOwn(value, "$ref") ? (value as PlanObject).$ref : undefined;
    const id = isObject(reference) ? (reference as PlanObject).block_document_id : undefined;
    return typeof id === "string" && isId(id) ? [id] : [];
  });
}

export interface JudgedDefaults extends Defaults {
  /** Names of the defaults that violate the schema as it is written: a server leaves them out when it validates variables. */
  dropped: string[];
  /** Whether one may have to be left out, which cannot be told. */
  unsure: boolean;
}

/** Each default judged by itself, as a server does before it validates a deployment's or a run's variables. Here formats
 *  count, and null is not tolerated. */
export function judgeDefaults(schema: PlanObject, blocks?: Blocks, budget = newBudget()): JudgedDefaults {
  const { values, problems } = collectDefaults(schema, blocks);
  const judged: JudgedDefaults = { values: new Map(), dropped: [], unsure: false, problems: [...problems] };
  const bare = withoutRequired(schema);
  const registry = new Registry(bare);
  for (const [name, value] of values) {
    const { violations, unsure, stopped, cut } = evaluate(
      { [name]: value },
      new Run(bare, { formats: true, budget }, registry),
    );
    if (stopped !== undefined) judged.problems.push(problemOfStop(stopped));
    else if (violations.length > 0 && !cut) judged.dropped.push(name);
    else judged.values.set(name, unsure ? UNKNOWN : value);
    judged.unsure ||= unsure;
  }
  return judged;
}
