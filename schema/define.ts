import type { z } from "zod";
import type { Json, JsonObject, PlanObject } from "./json.ts";
import type { Problem } from "./problem.ts";

/** The server's default of a field that depends on other objects, so that no constant can state it. */
export const COMPUTED = "computed" as const;

/** What deleting a field's line from a program does on the server: set a value, or let go and send nothing. */
export type Removal = "keep" | { readonly set: Json };

/** What the server stores when a create leaves the field out. */
export type ServerDefault = { readonly value: Json } | typeof COMPUTED;

interface FieldOptions {
  /** One or more sentences of Markdown: what it is, units, limits. The only source of every generated text. */
  doc: string;
  /** `replace`: a change makes a new object. Default `update`. */
  onChange?: "update" | "replace";
  /** Name in the API's JSON. Default: the field's name in snake_case. */
  apiName?: string;
  /** A string that holds the document as JSON is accepted too. */
  acceptsJsonText?: boolean;
  /** `null` is a value of the field. Without this, `null` means absent. */
  nullable?: boolean;
  /** Field key -> API key of an object with a fixed set of keys. Nulls inside mean absent. */
  objectKeys?: Readonly<Record<string, string>>;
  /** Turns an object that the server takes in several spellings into the one that it answers. */
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
  serverDefault: ServerDefault;
}

export interface Field<Type extends z.ZodType = z.ZodType, Required extends boolean = boolean> {
  readonly type: Type;
  readonly doc: string;
  readonly onChange: "update" | "replace";
  readonly apiName: string | undefined;
  readonly acceptsJsonText: boolean;
  readonly nullable: boolean;
  readonly objectKeys: Readonly<Record<string, string>> | undefined;
  readonly normalize: ((value: PlanObject) => PlanObject) | undefined;
  readonly required: Required;
  readonly defaultsToResourceName: boolean;
  /** `undefined` on required fields: their line cannot be deleted. */
  readonly removed: Removal | undefined;
  readonly serverDefault: ServerDefault | undefined;
}

/** Declares one field of a resource: something the user writes and the server stores. */
export function field<Type extends z.ZodType>(type: Type, options: RequiredField): Field<Type, true>;
export function field<Type extends z.ZodType>(type: Type, options: OptionalField): Field<Type, false>;
export function field(type: z.ZodType, options: RequiredField | OptionalField): Field {
  const common = {
    type,
    doc: options.doc,
    onChange: options.onChange ?? "update",
    apiName: options.apiName,
    acceptsJsonText: options.acceptsJsonText ?? false,
    nullable: options.nullable ?? false,
    objectKeys: options.objectKeys,
    normalize: options.normalize,
  } as const;
  if (options.required === true) {
    const defaultsToResourceName = options.defaultsToResourceName === true;
    return { ...common, required: true, defaultsToResourceName, removed: undefined, serverDefault: undefined };
  }
  const { removed, serverDefault } = options;
  return { ...common, required: false, defaultsToResourceName: false, removed, serverDefault };
}

/** Steers the provider and never reaches the server. Always optional. */
export interface Directive {
  readonly type: z.ZodType;
  readonly doc: string;
}

export function directive(type: z.ZodType, options: { doc: string }): Directive {
  return { type, doc: options.doc };
}

/** An output that only the server, or the provider, knows and that does not change while the object exists. */
export interface Output {
  readonly type: z.ZodType;
  readonly doc: string;
  /** Name in the API's JSON. Default: the output's name in snake_case. `null`: kept by the provider, in no answer. */
  readonly apiName: string | null | undefined;
  readonly secret: boolean;
  /** Absent on some objects of the kind. */
  readonly optional: boolean;
}

export function output(
  type: z.ZodType,
  options: { doc: string; apiName?: string | null; secret?: boolean; optional?: boolean },
): Output {
  const { doc, apiName, secret = false, optional = false } = options;
  return { type, doc, apiName, secret, optional };
}

/** What a rule over several fields, or inside a document, may look at. */
export interface RuleContext {
  /** `create` when nothing of this resource is in the state yet. */
  operation: "create" | "update";
}

/** A rule that one field's type cannot state. Gets declared values that passed their types; any leaf may be UNKNOWN. */
export type Rule = (declared: PlanObject, context: RuleContext) => Problem[];

export interface ResourceContract<Fields extends Record<string, Field> = Record<string, Field>> {
  readonly kind: string;
  /** First sentence: what it is. */
  readonly doc: string;
  /** How people import it, e.g. "`pool/queue` or the queue's UUID". */
  readonly importId: string;
  /** Fields that are unique together on the server. Their values make the resource's address. */
  readonly naturalKey: readonly string[];
  /** Name of the output that holds the object's UUID: its identity, whatever its name is. */
  readonly identity: string | undefined;
  readonly fields: Readonly<Fields>;
  readonly directives: Readonly<Record<string, Directive>>;
  readonly outputs: Readonly<Record<string, Output>>;
  readonly rules: readonly Rule[];
}

/** Values of a contract's fields by name: required ones are there, undeclared ones are not. */
export type FieldValues<Contract extends ResourceContract> = JsonObject & {
  [Name in keyof Contract["fields"] as Contract["fields"][Name]["required"] extends true ? Name : never]: z.infer<
    Contract["fields"][Name]["type"]
  >;
};

interface ResourceDefinition<Fields extends Record<string, Field>> {
  kind: string;
  doc: string;
  importId: string;
  naturalKey: readonly (keyof Fields & string)[];
  identity?: string;
  fields: Fields;
  directives?: Record<string, Directive>;
  outputs?: Record<string, Output>;
  rules?: readonly Rule[];
}

/** Declares a resource. Everything else about it (types, validation, diff, Pulumi and Terraform schema, classes, docs, the names in
 *  the API) follows from what is said here. Throws: Error when the definition contradicts itself. */
export function defineResource<Fields extends Record<string, Field>>(
  definition: ResourceDefinition<Fields>,
): ResourceContract<Fields> {
  const { kind, doc, importId, naturalKey, identity, fields, directives = {}, outputs = {}, rules = [] } = definition;
  const names = [...Object.keys(fields), ...Object.keys(directives), ...Object.keys(outputs)];
  const reserved = names.find((name) => name === "id" || name === "urn" || name.startsWith("__"));
  if (reserved !== undefined) throw new Error(`${kind}.${reserved}: this name belongs to the host`);
  if (new Set(names).size !== names.length) throw new Error(`${kind}: a name is used twice`);
  for (const key of naturalKey) {
    if (fields[key]?.required !== true) throw new Error(`${kind}.${key}: a natural key must be a required field`);
  }
  if (identity !== undefined && outputs[identity] === undefined) {
    throw new Error(`${kind}: the identity ${identity} is not an output`);
  }
  return { kind, doc, importId, naturalKey, identity, fields, directives, outputs, rules };
}

/** A value that a function returns. */
export interface Result {
  readonly type: z.ZodType;
  readonly doc: string;
  /** Name in the API's JSON, where the value comes from there. Default: the result's name in snake_case. */
  readonly apiName?: string;
}

/** A question a program may ask while it runs: reads the server or bundled data, keeps nothing in the state. */
export interface FunctionContract {
  readonly name: string;
  readonly doc: string;
  readonly inputs: Readonly<Record<string, { type: z.ZodType; doc: string; required: boolean }>>;
  readonly outputs: Readonly<Record<string, Result>>;
  /** The kind of object that it reads by natural key (`defineLookup`). */
  readonly lookup?: ResourceContract;
}

/** A function with an answer of its own (provider/resources/functions.ts). */
export function defineFunction(contract: FunctionContract): FunctionContract {
  return contract;
}

/** A function that reads one object by its natural key. It returns the contract's fields and outputs, and `adds`: what changes by
 *  itself, and so is part of no contract. */
export function defineLookup(
  resource: ResourceContract,
  { name, doc, adds = {} }: { name: string; doc: string; adds?: Record<string, Result> },
): FunctionContract {
  const inputs = resource.naturalKey.map((key) => {
    const { type, doc } = resource.fields[key] as Field;
    return [key, { type, doc: firstSentence(doc), required: true }] as const;
  });
  return {
    name,
    doc,
    inputs: Object.fromEntries(inputs),
    outputs: { ...resultsOf(resource), ...adds },
    lookup: resource,
  };
}

/** What a function returns of an object: every field and every output that the API answers. */
export function resultsOf(resource: ResourceContract): Record<string, Result> {
  const results: Record<string, Result> = {};
  for (const [name, { type, doc, required, serverDefault }] of Object.entries(resource.fields)) {
    const present = required || serverDefault === COMPUTED || (serverDefault?.value ?? null) !== null;
    results[name] = { type: present ? type : type.optional(), doc: firstSentence(doc) };
  }
  for (const [name, { type, doc, optional, apiName }] of Object.entries(resource.outputs)) {
    if (apiName !== null) results[name] = { type: optional ? type.optional() : type, doc };
  }
  return results;
}

function firstSentence(text: string): string {
  return /^.*?[.](?= |$)/s.exec(text)?.[0] ?? text;
}

/** The API's name of a field or an output. */
export function apiNameOf(name: string, { apiName }: { readonly apiName?: string | null | undefined }): string {
  return apiName ?? snakeCase(name);
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
