import { contractOf } from "../../../schema/contracts/index.ts";
import { kinds } from "../../../schema/contracts/kinds.ts";
import type { Field } from "../../../schema/define.ts";
import { kebabCase } from "../../../schema/emit/shape.ts";
import type { Json, JsonObject } from "../../../schema/json.ts";
import { sampleOf } from "../../support/samples.ts";
import type { Declaration, Value } from "./declaration.ts";

/** Declarations derived from the contracts: a new field is in them without a line here. */

/** Two different values of a field, from the samples of the lifecycle suite. */
export function samplesOf(kind: string, name: string): readonly [Json, Json] {
  const { full, other } = sampleOf(kind);
  return [full[name] ?? null, other[name] ?? null];
}

/** Kinds that no scenario declares by hand: what they refer to, if anything, must be among `props`. */
export function kindsBeside(declared: readonly string[]): readonly string[] {
  return kinds.filter((kind) => !declared.includes(kind));
}

/** The natural key of a kind's object in a test: each part begins with `prefix`. */
export function keyWith(kind: string, prefix: string): { [field: string]: string } {
  return Object.fromEntries(contractOf(kind).naturalKey.map((field) => [field, `${prefix}-${kebabCase(kind)}`]));
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
