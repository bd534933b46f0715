import { type Line, outlineOf, outlineOfFunction, outlineOfSettings } from "./outline.ts";
import type { PackageDefinition } from "./pulumi.ts";
import { type Property, pascalCase, type Shape } from "./shape.ts";

export const GENERATED = "// Generated from the contracts by `npm run gen`. Do not edit.\n";

/** `sdk/generated/types.ts`: what programs pass in and get back, the same for `prefect-iac` and `prefect-iac/native`. Types only, in a syntax that
 *  TypeScript 3.8 reads: that is what Pulumi brings along for projects without a compiler of their own. */
export function emitNodeTypes(definition: PackageDefinition): string {
  const named = new Map<string, string>();
  const interfaces: string[] = [];
  for (const contract of definition.contracts) {
    const { inputs, outputs } = outlineOf(contract);
    interfaces.push(
      docblock([`What a program declares of a \`${contract.kind}\`.`]) +
        body(
          `${contract.kind}Args`,
          inputs.map((line) => inputMember(line, named)),
        ),
    );
    for (const line of outputs) outputType(line.shape, named);
  }
  for (const contract of definition.functions) {
    const { args, results } = outlineOfFunction(contract);
    const name = pascalCase(contract.name);
    interfaces.push(
      body(
        `${name}Args`,
        args.map((line) => member(line, inputMemberType(line, named, false))),
      ),
      body(
        `${name}OutputArgs`,
        args.map((line) => inputMember(line, named)),
      ),
      body(
        `${name}Result`,
        results.map((line) => member(line, outputType(line.shape, named))),
      ),
    );
  }
  const settings = outlineOfSettings(definition.settings);
  interfaces.push(
    docblock([
      "Where the Prefect API is, and how to talk to it. What is left out comes from the environment or from Prefect's profile, and is not stored.",
    ]) +
      body(
        "ProviderArgs",
        settings.map((line) => inputMember(line, named)),
      ),
  );
  return [
    GENERATED,
    'import type * as pulumi from "@pulumi/pulumi";\n',
    DOCUMENT,
    ...named.values(),
    ...interfaces,
  ].join("\n");
}

const DOCUMENT = `/** A JSON object of the user's own: any keys, never renamed. Anything inside may be an output. */
export interface JsonDocument {
  [key: string]: any;
}
`;

/** The type of a resource's output property, or of what a function returns. */
export function outputType(shape: Shape, named?: Map<string, string>): string {
  switch (shape.kind) {
    case "string":
    case "boolean":
      return shape.kind;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `${bracketed(outputType(shape.items, named))}[]`;
    case "map":
      return `{ [key: string]: ${outputType(shape.values, named)} }`;
    case "document":
      return "JsonDocument";
    case "any":
      return "any";
    case "enum":
      named?.set(
        shape.name,
        `export type ${shape.name} = ${shape.values.map((value) => JSON.stringify(value)).join(" | ")};\n`,
      );
      return shape.name;
    case "object":
      named?.set(
        shape.name,
        body(
          shape.name,
          shape.properties.map((property) => member(property, outputType(property.shape, named))),
        ),
      );
      return shape.name;
  }
}

function inputType(shape: Shape, named: Map<string, string>, wrap: boolean): string {
  const input = (type: string) => (wrap ? `pulumi.Input<${type}>` : type);
  switch (shape.kind) {
    case "array":
      return `${bracketed(input(inputType(shape.items, named, wrap)))}[]`;
    case "map":
      return `{ [key: string]: ${input(inputType(shape.values, named, wrap))} }`;
    case "object": {
      outputType(shape, named);
      const name = `${shape.name}Args`;
      const members = shape.properties.map((property) =>
        member(property, optionalInput(property, inputType(property.shape, named, wrap), wrap)),
      );
      named.set(name, body(name, members));
      return name;
    }
    default:
      return outputType(shape, named);
  }
}

function inputMember(line: Line, named: Map<string, string>): string {
  return member(line, inputMemberType(line, named, true));
}

function inputMemberType(line: Line, named: Map<string, string>, wrap: boolean): string {
  const type = inputType(line.shape, named, wrap);
  return optionalInput(line, line.jsonText ? `${type} | string` : type, wrap);
}

/** An optional input takes an output that may be undefined, too. */
function optionalInput(property: { required: boolean }, type: string, wrap: boolean): string {
  if (!wrap) return type;
  return `pulumi.Input<${property.required ? type : `${type} | undefined`}>`;
}

function member(property: Line | Property, type: string): string {
  const notes = "notes" in property ? property.notes : [];
  return `${docblock([property.doc, notes.join(" ")], "  ")}  ${property.name}${property.required ? "" : "?"}: ${type};\n`;
}

function body(name: string, members: readonly string[]): string {
  return `export interface ${name} {\n${members.join("")}}\n`;
}

function bracketed(type: string): string {
  return type.includes("|") ? `(${type})` : type;
}

/** A JSDoc block of paragraphs, wrapped at 120 columns. Fenced code is kept line by line. */
export function docblock(paragraphs: readonly string[], indent = ""): string {
  const lines = paragraphs
    .filter((paragraph) => paragraph !== "")
    .flatMap((paragraph, index) => [...(index === 0 ? [] : [""]), ...wrapped(paragraph, 116 - indent.length)])
    .map((line) => line.replaceAll("*/", "*\\/"));
  if (lines.length === 0) return "";
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */\n`].join("\n");
}

function wrapped(paragraph: string, width: number): string[] {
  if (paragraph.includes("\n")) return paragraph.split("\n");
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
