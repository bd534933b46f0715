import { contractOf } from "../../../schema/contracts/index.ts";
import type { Field } from "../../../schema/define.ts";
import type { Json, JsonObject } from "../../../schema/json.ts";
import type { Declaration, Value } from "./declaration.ts";

/** Declarations made from the contracts: a field that a contract gains is in them without a line here. */

/** What fields may be: for each, the first of these that its type takes is one value, the second another. */
const CANDIDATES: readonly Json[] = [
  true,
  false,
  7,
  3,
  0.5,
  "one",
  "two",
  template("python:3.12"),
  template("python:3.13"),
  { bundleUploadStep: uploadStep("first") },
  { bundleUploadStep: uploadStep("second") },
];

/** Two values of a field that differ. */
export function samplesOf(kind: string, name: string): readonly [Json, Json] {
  const field = fieldOf(kind, name);
  const [first, second] = CANDIDATES.filter((candidate) => fits(field, candidate));
  if (first === undefined || second === undefined)
    throw new Error(`no two samples for ${kind}.${name}: add candidates`);
  return [first, second];
}

/** A declaration of a kind: `required` are the fields that only the scenario knows (names, references); every other required
 *  field gets its first sample, and with `all` every optional one, too. */
export function sample(
  kind: string,
  name: string,
  options: { props: { [field: string]: Value }; all: boolean; except?: readonly string[]; after?: readonly string[] },
): Declaration {
  const { fields } = contractOf(kind);
  const props: { [field: string]: Value } = {};
  for (const [key, field] of Object.entries(fields)) {
    const given = options.props[key];
    if (given !== undefined) props[key] = given;
    else if (field.defaultsToResourceName || options.except?.includes(key)) continue;
    else if (field.required || options.all) props[key] = samplesOf(kind, key)[0];
  }
  return { kind, name, props, ...(options.after === undefined ? {} : { after: options.after }) };
}

/** The same declaration with every field that changes in place at its second sample. Fields in `kept` stay. */
export function changed(declaration: Declaration, kept: readonly string[]): Declaration {
  const props = { ...declaration.props };
  for (const key of Object.keys(props)) {
    if (fieldOf(declaration.kind, key).onChange === "update" && !kept.includes(key)) {
      props[key] = samplesOf(declaration.kind, key)[1];
    }
  }
  return { ...declaration, props };
}

/** The same declaration without the lines of its optional fields. */
export function bare(declaration: Declaration): Declaration {
  const required = Object.entries(declaration.props).filter(([key]) => fieldOf(declaration.kind, key).required);
  return { ...declaration, props: Object.fromEntries(required) };
}

/** The names of a kind's fields that this filter wants. */
export function fieldsOf(kind: string, wanted: (field: Field) => boolean): string[] {
  return Object.entries(contractOf(kind).fields)
    .filter(([, field]) => wanted(field))
    .map(([name]) => name);
}

function fieldOf(kind: string, name: string): Field {
  const field = contractOf(kind).fields[name];
  if (field === undefined) throw new Error(`${kind} has no field ${name}`);
  return field;
}

function fits(field: Field, value: Json): boolean {
  // A document takes any object; only a template is one that the server takes, too.
  if (field.acceptsJsonText) return typeof value === "object" && value !== null && "job_configuration" in value;
  return field.type.safeParse(value).success;
}

export function template(image: string): JsonObject {
  return {
    job_configuration: { image: "{{ image }}", env: { FIXED: "1", EMPTY: null }, list: [1, 2.5, true, null, "a"] },
    variables: {
      type: "object",
      required: ["image"],
      properties: {
        image: { type: "string", default: image, title: "Image", examples: [{ some_key: 1, someKey: 2 }] },
      },
    },
  };
}

function uploadStep(name: string): JsonObject {
  return { [`prefect.${name}.upload`]: { requires: "prefect", bucket_name: name } };
}
