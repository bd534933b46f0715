import type { z } from "zod";
import type { Json, PlanObject } from "./json.ts";
import type { Problem } from "./problem.ts";

/** The value the server gives a field that a create does not send, when that value depends on other objects. */
export const COMPUTED = "any" as const;

/** What deleting a field's line from a program does on the server: set a value, or let go and send nothing. */
export type Removal = "keep" | { readonly set: Json };

interface FieldOptions {
  /** One or more sentences of Markdown: what it is, units, limits. The only source of every generated text. */
  doc: string;
  /** `replace`: a change makes a new object. Default `update`. */
  onChange?: "update" | "replace";
  /** Name in the API's JSON. Default: the surface name in snake_case. */
  apiName?: string;
  /** The value is a user's document: its keys are never renamed and its nulls are kept. */
  acceptsJsonText?: boolean;
  /** Surface key -> wire key of an object with a fixed set of keys (nulls inside mean absent). */
  objectKeys?: Readonly<Record<string, string>>;
  /** Spells an object as the server does, where it takes several spellings for one value. */
  normalize?: (value: PlanObject) => PlanObject;
}

export interface RequiredField extends FieldOptions {
  required: true;
  /** Taken from the resource's name in the program when not declared. */
  defaultsToResourceName?: boolean;
}

export interface OptionalField extends FieldOptions {
  required?: false;
  removed: Removal;
  /** What the server stores when a create leaves the field out. */
  serverDefault: { readonly value: Json } | typeof COMPUTED;
}

export interface Field {
  readonly type: z.ZodType;
  readonly doc: string;
  readonly onChange: "update" | "replace";
  readonly apiName: string | undefined;
  readonly acceptsJsonText: boolean;
  readonly objectKeys: Readonly<Record<string, string>> | undefined;
  readonly normalize: ((value: PlanObject) => PlanObject) | undefined;
  readonly required: boolean;
  readonly defaultsToResourceName: boolean;
  /** `undefined` on required fields: their line cannot be deleted. */
  readonly removed: Removal | undefined;
  readonly serverDefault: { readonly value: Json } | typeof COMPUTED | undefined;
}

/** Declares one field of a resource: something the user writes and the server stores. */
export function field(type: z.ZodType, options: RequiredField | OptionalField): Field {
  return {
    type,
    doc: options.doc,
    onChange: options.onChange ?? "update",
    apiName: options.apiName,
    acceptsJsonText: options.acceptsJsonText ?? false,
    objectKeys: options.objectKeys,
    normalize: options.normalize,
    required: options.required === true,
    defaultsToResourceName: options.required === true && options.defaultsToResourceName === true,
    removed: options.required === true ? undefined : options.removed,
    serverDefault: options.required === true ? undefined : options.serverDefault,
  };
}

/** Steers the provider and never reaches the server. Always optional. */
export interface Directive {
  readonly type: z.ZodType;
  readonly doc: string;
}

export function directive(type: z.ZodType, options: { doc: string }): Directive {
  return { type, doc: options.doc };
}

/** What only the server knows and what does not change while the object lives. */
export interface Output {
  readonly type: z.ZodType;
  readonly doc: string;
  readonly secret: boolean;
  /** Absent on some objects of the kind. */
  readonly optional: boolean;
}

export function output(type: z.ZodType, options: { doc: string; secret?: boolean; optional?: boolean }): Output {
  return { type, doc: options.doc, secret: options.secret ?? false, optional: options.optional ?? false };
}

/** What a rule over several fields, or inside a document, may look at. */
export interface RuleContext {
  /** `create` when nothing of this resource is in the state yet. */
  operation: "create" | "update";
}

export interface ResourceContract {
  readonly kind: string;
  /** First sentence: what it is. */
  readonly doc: string;
  /** How people import it, e.g. "`pool/queue` or the queue's UUID". */
  readonly importId: string;
  /** Fields that are unique together on the server. Their values make the resource's address. */
  readonly naturalKey: readonly string[];
  /** Name of the fact that holds the object's UUID: its identity (design 3.2). */
  readonly identity: string | undefined;
  readonly fields: Readonly<Record<string, Field>>;
  readonly directives: Readonly<Record<string, Directive>>;
  readonly outputs: Readonly<Record<string, Output>>;
  /** Rules that one field's type cannot say. Gets declared values that passed their types; any leaf may be UNKNOWN. */
  readonly rules: readonly ((declared: PlanObject, context: RuleContext) => Problem[])[];
}

interface ResourceDefinition {
  kind: string;
  doc: string;
  importId: string;
  naturalKey: readonly string[];
  identity?: string;
  fields: Record<string, Field>;
  directives?: Record<string, Directive>;
  outputs?: Record<string, Output>;
  rules?: readonly ((declared: PlanObject, context: RuleContext) => Problem[])[];
}

/** Declares a resource. Everything else about it (types, validation, diff, Pulumi and Terraform schema, classes, docs)
 *  follows from what is said here. Throws: Error when the definition contradicts itself. */
export function defineResource(definition: ResourceDefinition): ResourceContract {
  const { kind, fields, directives = {}, outputs: facts = {} } = definition;
  const names = [...Object.keys(fields), ...Object.keys(directives), ...Object.keys(facts)];
  const reserved = names.find((name) => name === "id" || name === "urn" || name.startsWith("__"));
  if (reserved !== undefined) throw new Error(`${kind}.${reserved}: this name belongs to the host`);
  if (new Set(names).size !== names.length) throw new Error(`${kind}: a name is used twice`);
  for (const key of definition.naturalKey) {
    if (fields[key]?.required !== true) throw new Error(`${kind}.${key}: a natural key must be a required field`);
  }
  if (definition.identity !== undefined && facts[definition.identity] === undefined) {
    throw new Error(`${kind}: the identity ${definition.identity} is not a fact`);
  }
  return {
    kind,
    doc: definition.doc,
    importId: definition.importId,
    naturalKey: definition.naturalKey,
    identity: definition.identity,
    fields,
    directives,
    outputs: facts,
    rules: definition.rules ?? [],
  };
}

/** A question a program may ask while it runs: reads the server or bundled data, keeps nothing in the state. */
export interface FunctionContract {
  readonly name: string;
  readonly doc: string;
  readonly inputs: Readonly<Record<string, { type: z.ZodType; doc: string; required: boolean }>>;
  readonly outputs: Readonly<Record<string, { type: z.ZodType; doc: string }>>;
}

export function defineFunction(contract: FunctionContract): FunctionContract {
  return contract;
}

/** The API's name of a field. */
export function apiNameOf(name: string, declared: Pick<Field, "apiName">): string {
  return declared.apiName ?? snakeCase(name);
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
