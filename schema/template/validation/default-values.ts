import { isObject, type Plan, type PlanObject, setKey, UNKNOWN } from "../../json.ts";
import type { Path } from "../../path.ts";
import { createValidator, newBudget } from "../json-schema/index.ts";
import { withoutRequired } from "./preprocess.ts";
import { notASchema, problemOfStop, type SchemaProblem, type ValidationResult } from "./schema-problem.ts";
import { validSchemaValidator } from "./schema-validator.ts";

/** Data of block documents by id, for defaults that refer to one. */
export type Blocks = ReadonlyMap<string, Plan>;

export interface Defaults {
  /** By name. UNKNOWN for what cannot be judged: unknown leaves, blocks whose data was not passed. */
  values: Map<string, Plan>;
  /** Why the server answers with an error before it validates anything. */
  problems: SchemaProblem[];
}

/** The defaults in the properties of a valid schema, references to blocks resolved. Paths are from the schema's root.
 *  Source: prefect/server/api/validation.py, _get_base_config_defaults. */
export function collectDefaults(schema: PlanObject, blocks?: Blocks): Defaults {
  const defaults: Defaults = { values: new Map(), problems: [] };
  const properties = Object.hasOwn(schema, "properties") ? schema.properties : undefined;
  if (!isObject(properties)) return defaults;
  for (const [name, variable] of Object.entries(properties as PlanObject)) {
    if (variable === undefined || variable === UNKNOWN) continue;
    if (!isObject(variable)) defaults.problems.push(notASchema(["properties", name]));
    else if (Object.hasOwn(variable, "default")) {
      const resolved = resolveBlock((variable as PlanObject).default, ["properties", name, "default"], blocks);
      if (resolved === undefined) continue;
      if ("problem" in resolved) defaults.problems.push(resolved.problem);
      else defaults.values.set(name, resolved.value);
    }
  }
  return defaults;
}

function resolveBlock(
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
  if (typeof id !== "string") return { problem: invalidBlockReference(path) };
  if (!isPythonUuid(id)) return { problem: missingBlock(path) };
  if (blocks === undefined) return { value: UNKNOWN };
  const block = blocks.get(id);
  return block === undefined ? { problem: missingBlock(path) } : { value: block };
}

/** Whether Python's `UUID()` accepts a text: it takes more spellings than the usual one. */
function isPythonUuid(text: string): boolean {
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

function invalidBlockReference(path: Path): SchemaProblem {
  const message =
    'a default with the key `$ref` is read as a reference to a block: it must be `{ "$ref": { "block_document_id": "<uuid>" } }`; anything else makes the server fail with an internal error';
  return { rule: "template/block-reference", severity: "error", path, message, detail: "Block not found." };
}

/** The ids of the block documents that the defaults of a template's variables refer to. */
export function referencedBlocks(schema: PlanObject): string[] {
  const properties = Object.hasOwn(schema, "properties") ? schema.properties : undefined;
  if (!isObject(properties)) return [];
  return Object.values(properties as PlanObject).flatMap((variable) => {
    const value =
      isObject(variable) && Object.hasOwn(variable, "default") ? (variable as PlanObject).default : undefined;
    const reference = isObject(value) && Object.hasOwn(value, "$ref") ? (value as PlanObject).$ref : undefined;
    const id = isObject(reference) ? (reference as PlanObject).block_document_id : undefined;
    return typeof id === "string" && isPythonUuid(id) ? [id] : [];
  });
}

/** Validates all defaults together, as the server does when a pool is created: `required` and formats do not count, null is
 *  accepted. The schema must be valid. */
export function validateDefaults(
  schema: PlanObject,
  defaults: ReadonlyMap<string, Plan>,
  budget = newBudget(),
): ValidationResult {
  const values: PlanObject = {};
  for (const [name, value] of defaults) setKey(values, name, value);
  return validSchemaValidator(schema, { enforceRequired: false, nullWithDefault: true })(values, budget);
}

export interface ValidatedDefaults extends Defaults {
  /** Names of the defaults that violate the schema as it is written: the server leaves them out when it validates variables. */
  dropped: string[];
  /** Whether it cannot be told if one has to be left out. */
  unsure: boolean;
}

/** Validates each default on its own, as the server does before it validates a deployment's or a run's variables. Here formats
 *  count, and null is not accepted. */
export function validateEachDefault(schema: PlanObject, blocks?: Blocks, budget = newBudget()): ValidatedDefaults {
  const { values, problems } = collectDefaults(schema, blocks);
  const validated: ValidatedDefaults = { values: new Map(), dropped: [], unsure: false, problems: [...problems] };
  const validate = createValidator(withoutRequired(schema), { formats: true });
  for (const [name, value] of values) {
    const { violations, unsure, stopped, cut } = validate({ [name]: value }, budget);
    if (stopped !== undefined) validated.problems.push(problemOfStop(stopped));
    else if (violations.length > 0 && !cut) validated.dropped.push(name);
    else validated.values.set(name, unsure ? UNKNOWN : value);
    validated.unsure ||= unsure;
  }
  return validated;
}
