import { definedKeys, isObject, type Plan, type PlanObject, setKey, UNKNOWN } from "../../json.ts";
import type { Path } from "../../path.ts";

/** The server would answer 500 while it preprocesses the schema. */
export class PreprocessCrash extends Error {
  readonly path: Path;
  readonly reason: "not-a-schema" | "block-without-title";

  constructor(path: Path, reason: "not-a-schema" | "block-without-title") {
    super(reason);
    this.path = path;
    this.reason = reason;
  }
}

/** What the server does to a schema before it validates values against it, for the sake of schemas that Pydantic 1 wrote:
 *  optional properties also accept null, lists of schemas in `items` become `prefixItems`, and blocks in `definitions` also
 *  accept a reference. `nullWithDefault`: null also where there is a default. Pure; parts that do not change are shared.
 *  Throws: PreprocessCrash.
 *  Source: prefect/utilities/schema_tools/validation.py, preprocess_schema. */
export function preprocess(schema: PlanObject, nullWithDefault: boolean): PlanObject {
  const properties = own(schema, "properties");
  const definitions = own(schema, "definitions");
  const changed = { ...schema };
  if (properties !== undefined && properties !== UNKNOWN) {
    changed.properties = processProperties(properties, own(schema, "required") ?? [], nullWithDefault, ["properties"]);
  }
  if (definitions !== undefined && definitions !== UNKNOWN)
    changed.definitions = processDefinitions(definitions, nullWithDefault);
  return changed;
}

function processProperties(properties: Plan, required: Plan, nullWithDefault: boolean, path: Path): Plan {
  if (!isObject(properties)) throw new PreprocessCrash(path, "not-a-schema");
  const all: PlanObject = properties;
  const processed: PlanObject = {};
  // As upstream: a property with properties of its own passes its `required` on to its later siblings.
  let currentRequired = required;
  for (const name of definedKeys(all)) {
    const property = all[name] as Plan;
    if (property === UNKNOWN) {
      setKey(processed, name, property);
      currentRequired = UNKNOWN;
      continue;
    }
    if (!isObject(property)) throw new PreprocessCrash([...path, name], "not-a-schema");
    let schema: PlanObject = { ...(property as PlanObject) };
    const isNeeded = isRequired(currentRequired, name);
    if (isNeeded !== true)
      schema = withNull(schema, nullWithDefault, isNeeded === "unsure" ? UNKNOWN : { type: "null" });
    schema = withPrefixItems(schema);
    const inner = own(schema, "properties");
    if (inner !== undefined) {
      currentRequired = own(schema, "required") ?? [];
      if (inner !== UNKNOWN)
        schema.properties = processProperties(inner, currentRequired, false, [...path, name, "properties"]);
    }
    setKey(processed, name, schema);
  }
  return processed;
}

function isRequired(required: Plan, name: string): boolean | "unsure" {
  if (required === UNKNOWN) return "unsure";
  if (!Array.isArray(required)) return false;
  return required.includes(name) || (required.includes(UNKNOWN) ? "unsure" : false);
}

function withNull(schema: PlanObject, nullWithDefault: boolean, nullSchema: Plan): PlanObject {
  const type = own(schema, "type");
  if (type === undefined || type === "null" || (!nullWithDefault && own(schema, "default") !== undefined))
    return schema;
  const { type: _, ...rest } = schema;
  return { ...rest, anyOf: [{ type }, nullSchema] };
}

function withPrefixItems(schema: PlanObject): PlanObject {
  const items = own(schema, "items");
  const prefix = own(schema, "prefixItems");
  if (!Array.isArray(items) || items.length === 0 || isTruthy(prefix)) return schema;
  const { items: _, ...rest } = schema;
  return { ...rest, prefixItems: items };
}

/** Python's `bool(value)`: false for empty objects, lists and strings. */
export function isTruthy(value: Plan | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return definedKeys(value).length > 0;
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== "";
}

function processDefinitions(definitions: Plan, nullWithDefault: boolean): Plan {
  if (!isObject(definitions)) throw new PreprocessCrash(["definitions"], "not-a-schema");
  const originals: PlanObject = definitions;
  const processed: PlanObject = { ...originals };
  for (const name of definedKeys(originals)) {
    const definition = originals[name] as Plan;
    if (definition === UNKNOWN) continue;
    if (!isObject(definition)) throw new PreprocessCrash(["definitions", name], "not-a-schema");
    let schema: PlanObject = { ...(definition as PlanObject) };
    const inner = own(schema, "properties");
    if (inner !== undefined && inner !== UNKNOWN) {
      const path = ["definitions", name, "properties"];
      schema = {
        ...schema,
        properties: processProperties(inner, own(schema, "required") ?? [], nullWithDefault, path),
      };
    }
    // A block before this one may have taken its name.
    if (processed[name] === definition) setKey(processed, name, schema);
    if (own(schema, "block_type_slug") === undefined) continue;
    const title = own(schema, "title");
    if (title === undefined) throw new PreprocessCrash(["definitions", name], "block-without-title");
    if (title === UNKNOWN) setKey(processed, name, UNKNOWN);
    if (typeof title === "string") setKey(processed, title, orReference(schema));
  }
  return processed;
}

function orReference(block: PlanObject): PlanObject {
  const reference: PlanObject = {
    oneOf: [
      { type: "string", format: "uuid" },
      { type: "object", additionalProperties: { type: "string" }, minProperties: 1 },
    ],
  };
  return { oneOf: [block, { type: "object", properties: { $ref: reference }, required: ["$ref"] }] };
}

/** Removes `required` from a schema as the server does when variables may be missing: from objects at any depth, but not from
 *  what is inside a list. A property that is called `required` is removed, too. */
export function withoutRequired(schema: Plan): Plan {
  if (!isObject(schema)) return schema;
  const kept: PlanObject = {};
  for (const [key, value] of Object.entries(schema as PlanObject)) {
    if (key !== "required") setKey(kept, key, withoutRequired(value));
  }
  return kept;
}

function own(value: PlanObject, key: string): Plan | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
