import { contractOf } from "../../../schema/contracts/index.ts";
import type { Field } from "../../../schema/define.ts";
import type { Json, JsonObject } from "../../../schema/json.ts";
import type { Declaration, Value } from "./declaration.ts";

/** Declarations derived from the contracts: a new field is in them without a line here. */

/** The first two of these that a field's type accepts are its two samples. */
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

/** Two different values of a field. */
export function samplesOf(kind: string, name: string): readonly [Json, Json] {
  const field = fieldOf(kind, name);
  const [first, second] = CANDIDATES.filter((candidate) => accepts(field, candidate));
  if (first === undefined || second === undefined)
    throw new Error(`no two samples for ${kind}.${name}: add candidates`);
  return [first, second];
}

/** A declaration of a kind. `props`: the fields that only the scenario knows (names, references). Every other required field gets its
 *  first sample; with `all`, every optional field, too. */
export function sample(
  kind: string,
  name: string,
  options: { props: { [field: string]: Value }; all: boolean; except?: readonly string[]; after?: readonly string[] },
): Declaration {
  const { fields } = contractOf(kind);
  const props: { [field: string]: Value } = {};
  for (const [key, field] of Object.entries(fields)) {
    const declared = options.props[key];
    if (declared !== undefined) props[key] = declared;
    else if (field.defaultsToResourceName || options.except?.includes(key)) continue;
    else if (field.required || options.all) props[key] = samplesOf(kind, key)[0];
  }
  return { kind, name, props, ...(options.after === undefined ? {} : { after: options.after }) };
}

/** The declaration with the second sample of every field that is updated in place, but for those in `unchanged`. */
export function withSecondSamples(declaration: Declaration, unchanged: readonly string[]): Declaration {
  const props = { ...declaration.props };
  for (const key of Object.keys(props)) {
    if (fieldOf(declaration.kind, key).onChange === "update" && !unchanged.includes(key)) {
      props[key] = samplesOf(declaration.kind, key)[1];
    }
  }
  return { ...declaration, props };
}

/** The declaration without its optional fields. */
export function requiredOnly(declaration: Declaration): Declaration {
  const required = Object.entries(declaration.props).filter(([key]) => fieldOf(declaration.kind, key).required);
  return { ...declaration, props: Object.fromEntries(required) };
}

/** The names of a kind's fields that match the filter. */
export function fieldsOf(kind: string, filter: (field: Field) => boolean): string[] {
  return Object.entries(contractOf(kind).fields)
    .filter(([, field]) => filter(field))
    .map(([name]) => name);
}

function fieldOf(kind: string, name: string): Field {
  const field = contractOf(kind).fields[name];
  if (field === undefined) throw new Error(`${kind} has no field ${name}`);
  return field;
}

function accepts(field: Field, value: Json): boolean {
  // The type accepts any object, the server only a job template.
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
