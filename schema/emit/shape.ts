import { z } from "zod";

/** What a type of a contract looks like from outside: the cases that every emitter must be able to write down. */
export type Shape =
  | { readonly kind: "string"; readonly format?: "uuid" | "date-time" }
  | ({ readonly kind: "integer" | "number" } & Bounds)
  | { readonly kind: "boolean" }
  | { readonly kind: "enum"; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: "array"; readonly items: Shape }
  /** Any string keys, values of one shape. */
  | { readonly kind: "map"; readonly values: Shape }
  /** A user's JSON object: any keys, any values. */
  | { readonly kind: "document" }
  /** Any JSON value. */
  | { readonly kind: "any" }
  | { readonly kind: "object"; readonly name: string; readonly properties: readonly Property[] };

export interface Bounds {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

export interface Property {
  readonly name: string;
  readonly doc: string;
  readonly required: boolean;
  readonly shape: Shape;
}

type Node = z.core.JSONSchema.JSONSchema;

/** The shape of a zod type. `.meta({ id })` names enums and objects; without it they are called `name`, with the property's
 *  name added further down. The ids `Document` and `AnyJson` mark a user's document and any value. Throws: Error for a type that no emitter can write down. */
export function shapeOf(type: z.ZodType, name: string): Shape {
  const root = z.toJSONSchema(type);
  return read(root, name, root.$defs ?? {});
}

type Definitions = Readonly<Record<string, Node>>;

function read(node: Node, fallbackName: string, definitions: Definitions): Shape {
  const id = node.$ref?.replace(/^#\/\$defs\//, "");
  if (id === undefined)
    return node.id === "AnyJson" ? { kind: "any" } : readInline(node, node.id ?? fallbackName, definitions);
  if (id === "Document") return { kind: "document" };
  if (id === "AnyJson") return { kind: "any" };
  const definition = definitions[id];
  if (definition === undefined) throw new Error(`a type refers to ${id}, which is not defined`);
  return readInline(definition, id, definitions);
}

function readInline(node: Node, name: string, definitions: Definitions): Shape {
  if (node.enum !== undefined) return { kind: "enum", name, values: node.enum.map(text) };
  switch (node.type) {
    case "boolean":
      return { kind: "boolean" };
    case "string":
      return node.format === "uuid" || node.format === "date-time"
        ? { kind: "string", format: node.format }
        : { kind: "string" };
    case "integer":
    case "number":
      return { kind: node.type, ...bounds(node) };
    case "array":
      if (typeof node.items === "object" && !Array.isArray(node.items)) {
        return { kind: "array", items: read(node.items, `${name}Item`, definitions) };
      }
      break;
    case "object":
      if (node.properties !== undefined) return { kind: "object", name, properties: readAll(node, name, definitions) };
      if (typeof node.additionalProperties === "object") {
        return { kind: "map", values: read(node.additionalProperties, `${name}Value`, definitions) };
      }
  }
  throw new Error(`no emitter knows this type (${name}): ${JSON.stringify(node)}`);
}

function readAll(node: Node, owner: string, definitions: Definitions): Property[] {
  return Object.entries(node.properties ?? {}).map(([name, property]) => {
    if (typeof property === "boolean" || property.description === undefined) {
      throw new Error(`${owner}.${name} has no description`);
    }
    const required = node.required?.includes(name) === true;
    return { name, doc: property.description, required, shape: read(property, owner + pascalCase(name), definitions) };
  });
}

export function pascalCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** zod gives every integer the bounds of a double; only bounds that somebody declared are worth telling. */
function bounds({ minimum, exclusiveMinimum, maximum }: Node): Bounds {
  return {
    ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
    ...(typeof exclusiveMinimum === "number" && { exclusiveMinimum }),
    ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
  };
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new Error("only enums of strings are known to the emitters");
  return value;
}

export function kebabCase(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
