import { definedKeys, isObject, type Plan, type PlanObject, setKey, UNKNOWN } from "../../json.ts";
import type { Path } from "../../path.ts";

/** What a server does to a schema before it validates values by it (prefect/utilities/schema_tools/validation.py): it makes
 *  room for the schemas that Pydantic 1 wrote. Pure; parts that do not change are shared. */

/** The server would answer 500. */
export class PreprocessCrash extends Error {
  readonly path: Path;
  readonly what: "not-a-schema" | "block-without-title";

  constructor(path: Path, what: "not-a-schema" | "block-without-title") {
    super(what);
    this.path = path;
    this.what = what;
  }
}

/** Optional properties also take null, lists of schemas in `items` become `prefixItems`, and blocks in `definitions` may be
 *  given by reference. `nullWithDefault`: also where there is a default. Throws: PreprocessCrash. */
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
  // Python passes the list on to later siblings of a property that has properties of its own. So do we.
  let inForce = required;
  for (const name of definedKeys(all)) {
    const given = all[name] as Plan;
    if (given === UNKNOWN) {
      setKey(processed, name, given);
      inForce = UNKNOWN;
      continue;
    }
    if (!isObject(given)) throw new PreprocessCrash([...path, name], "not-a-schema");
    let schema: PlanObject = { ...(given as PlanObject) };
    const needed = isRequired(inForce, name);
    if (needed !== true) schema = withNull(schema, nullWithDefault, needed === "unsure" ? UNKNOWN : { type: "null" });
    schema = withPrefixItems(schema);
    const inner = own(schema, "properties");
    if (inner !== undefined) {
      inForce = own(schema, "required") ?? [];
      if (inner !== UNKNOWN)
        schema.properties = processProperties(inner, inForce, false, [...path, name, "properties"]);
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

function withNull(schema: PlanObject, nullWithDefault: boolean, orNull: Plan): PlanObject {
  const type = own(schema, "type");
  if (type === undefined || type === "null" || (!nullWithDefault && own(schema, "default") !== undefined))
    return schema;
  const { type: _, ...rest } = schema;
  return { ...rest, anyOf: [{ type }, orNull] };
}

function withPrefixItems(schema: PlanObject): PlanObject {
  const items = own(schema, "items");
  const prefix = own(schema, "prefixItems");
  if (!Array.isArray(items) || items.length === 0 || isTruthy(prefix)) return schema;
  const { items: _, ...rest } = schema;
  return { ...rest, prefixItems: items };
}

/** Python's idea of it: empty objects, lists and texts are not. */
export function isTruthy(value: Plan | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return definedKeys(value).length > 0;
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== "";
}

function processDefinitions(definitions: Plan, nullWithDefault: boolean): Plan {
  if (!isObject(definitions)) throw new PreprocessCrash(["definitions"], "not-a-schema");
  const given: PlanObject = definitions;
  const processed: PlanObject = { ...given };
  for (const name of definedKeys(given)) {
    const definition = given[name] as Plan;
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

/** Takes `required` out of a schema as the server does when not every variable need be there: from objects, at any depth, but
 *  never from what is inside a list. A property that is called `required` goes too. */
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
