import type { Setting } from "../config.ts";
import { COMPUTED, type Field, type FunctionContract, type ResourceContract } from "../define.ts";
import type { Json } from "../json.ts";
import { pascalCase, type Shape, shapeOf } from "./shape.ts";

/** One named value of a resource, a function or the configuration, as every emitter tells it. */
export interface Line {
  readonly name: string;
  readonly role: "field" | "directive" | "output" | "setting" | "argument" | "result";
  readonly shape: Shape;
  readonly doc: string;
  /** What the contract says besides: defaults, what a change and a deleted line do. One sentence each. */
  readonly notes: readonly string[];
  /** A program must write it (fields, arguments), or the server always has it (outputs, results). */
  readonly required: boolean;
  readonly secret: boolean;
  /** A string holding the document as JSON is accepted too. */
  readonly jsonText: boolean;
}

/** Everything a resource has, in the order of its contract: what a program may declare, then what only the server knows. */
export function outlineOf(contract: ResourceContract): { inputs: Line[]; outputs: Line[] } {
  const shape = (name: string, owned: { type: Field["type"] }) => shapeOf(owned.type, contract.kind + pascalCase(name));
  const fields = Object.entries(contract.fields).map(
    ([name, field]): Line => ({
      name,
      role: "field",
      shape: shape(name, field),
      doc: field.doc,
      notes: fieldNotes(field),
      required: field.required && !field.defaultsToResourceName,
      secret: false,
      jsonText: field.acceptsJsonText,
    }),
  );
  const directives = Object.entries(contract.directives).map(
    ([name, directive]): Line => ({
      ...plain(name, "directive", directive.doc),
      shape: shape(name, directive),
      notes: ["Steers the provider; never sent to the server."],
    }),
  );
  const outputs = Object.entries(contract.outputs).map(
    ([name, output]): Line => ({
      ...plain(name, "output", output.doc),
      shape: shape(name, output),
      required: !output.optional,
      secret: output.secret,
    }),
  );
  return { inputs: [...fields, ...directives], outputs };
}

export function outlineOfFunction(contract: FunctionContract): { args: Line[]; results: Line[] } {
  const owner = pascalCase(contract.name);
  const args = Object.entries(contract.inputs).map(
    ([name, { type, doc, required }]): Line => ({
      ...plain(name, "argument", doc),
      shape: shapeOf(type, owner + pascalCase(name)),
      required,
    }),
  );
  const results = Object.entries(contract.outputs).map(
    ([name, { type, doc }]): Line => ({
      ...plain(name, "result", doc),
      shape: shapeOf(type, owner + pascalCase(name)),
      required: !type.isOptional(),
    }),
  );
  return { args, results };
}

export function outlineOfSettings(settings: Readonly<Record<string, Setting>>): Line[] {
  return Object.entries(settings).map(
    ([name, setting]): Line => ({
      ...plain(name, "setting", setting.doc),
      shape: shapeOf(setting.type, pascalCase(name)),
      notes: setting.environment.length === 0 ? [] : [`Environment: ${setting.environment.map(code).join(", ")}.`],
      secret: setting.secret,
    }),
  );
}

function plain(name: string, role: Line["role"], doc: string): Omit<Line, "shape"> {
  return { name, role, doc, notes: [], required: false, secret: false, jsonText: false };
}

function fieldNotes(field: Field): string[] {
  const notes: string[] = [];
  if (field.defaultsToResourceName) notes.push("Default: the resource's name in the program.");
  const birth = birthOf(field);
  if (birth !== undefined) notes.push(`Default on the server: ${birth}.`);
  if (field.onChange === "replace") notes.push("A change replaces the object.");
  if (field.removed !== undefined) notes.push(`Deleting the line ${removalOf(field.removed)}.`);
  return notes;
}

/** What the server stores when nobody declares the field, in words; `undefined` where the field's own text has to say it. */
export function birthOf(field: Field): string | undefined {
  if (field.serverDefault === undefined || field.acceptsJsonText) return undefined;
  if (field.serverDefault === COMPUTED) return "the server's choice";
  return field.serverDefault.value === null ? "none" : code(JSON.stringify(field.serverDefault.value));
}

export function removalOf(removed: NonNullable<Field["removed"]>): string {
  if (removed === "keep") return "leaves it as it is on the server";
  return removed.set === null ? "clears it on the server" : `sets it to ${code(json(removed.set))} on the server`;
}

function json(value: Json): string {
  return JSON.stringify(value);
}

function code(text: string): string {
  return `\`${text}\``;
}
