import type { FunctionContract, ResourceContract } from "../define.ts";
import { docblock, GENERATED, outputType } from "./node-types.ts";
import { type Line, outlineOf, outlineOfFunction, outlineOfSettings } from "./outline.ts";
import type { PackageDefinition } from "./pulumi.ts";
import type { Example, Examples } from "./reference.ts";
import { pascalCase } from "./shape.ts";

/** The two ways a Node program can reach the provider: without a plugin, or through `pulumi-resource-prefect`. */
export type Door = "dynamic" | "native";

/** `sdk/generated/<door>.ts`: a class a resource and two functions a function. Both doors come from this one place, and differ
 *  in the base class and in who answers a function. */
export function emitNodeClasses(world: PackageDefinition, door: Door, examples: Examples): string {
  const base = baseOf(door);
  const heading = [
    GENERATED,
    'import * as pulumi from "@pulumi/pulumi";',
    `import { ${base}, ${door === "native" ? "NativeProvider, " : ""}call, callOutput } from "../${door}-door.ts";`,
    'import { descriptions } from "./descriptions.ts";',
    'import type * as types from "./types.ts";\n',
  ].join("\n");
  const provider = door === "native" ? [providerClass(world)] : [];
  const classes = world.contracts.map((contract) => resourceClass(contract, door, examples));
  const functions = world.functions.map((contract) => functionPair(contract, door, examples));
  return [heading, ...provider, ...classes, ...functions].join("\n");
}

/** `sdk/generated/descriptions.ts`: what the base classes need to know at run time. */
export function emitNodeDescriptions(world: PackageDefinition, version: string): string {
  const resources = world.contracts.map((contract) => {
    const { inputs, facts } = outlineOf(contract);
    const nameField = Object.keys(contract.fields).find((name) => contract.fields[name]?.defaultsToResourceName);
    const description = {
      kind: contract.kind,
      properties: [...inputs, ...facts].map((line) => line.name),
      ...(nameField === undefined ? {} : { nameField }),
      secretFacts: facts.filter((line) => line.secret).map((line) => line.name),
    };
    return `  ${contract.kind}: ${JSON.stringify(description)},`;
  });
  const settings = outlineOfSettings(world.settings).map(({ name, shape, secret }) => {
    const text = shape.kind === "string" || shape.kind === "enum";
    return `  { name: ${JSON.stringify(name)}, text: ${text}, secret: ${secret} },`;
  });
  return [
    GENERATED,
    'import type { ResourceDescription, SettingDescription } from "../description.ts";\n',
    "/** The version of this package, and of the plugin that its native door asks for. */",
    `export const VERSION = ${JSON.stringify(version)};\n`,
    `export const descriptions = {\n${resources.join("\n")}\n} satisfies Record<string, ResourceDescription>;\n`,
    `export const settings: readonly SettingDescription[] = [\n${settings.join("\n")}\n];\n`,
  ].join("\n");
}

function resourceClass(contract: ResourceContract, door: Door, examples: Examples): string {
  const { inputs, facts } = outlineOf(contract);
  const { kind } = contract;
  const optional = inputs.some((line) => line.required) ? "" : "?";
  const alwaysThere = (line: Line) => line.required || contract.fields[line.name]?.required === true;
  const outputs = [...inputs, ...facts].map(
    (line) =>
      `${docblock([line.doc], "  ")}  declare readonly ${line.name}: pulumi.Output<${output(line, alwaysThere(line))}>;\n`,
  );
  return [
    `${docblock([contract.doc, `Import takes ${contract.importId}.`, example(examples[kind], door)])}export class ${kind} extends ${baseOf(door)} {`,
    outputs.join("\n"),
    `  constructor(name: string, args${optional}: types.${kind}Args, opts?: pulumi.CustomResourceOptions) {`,
    `    super(descriptions.${kind}, name, args, opts);`,
    "  }\n",
    docblock([`Reads a \`${kind}\` that exists already, without managing it. \`id\`: ${contract.importId}.`], "  ") +
      `  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ${kind} {`,
    `    return new ${kind}(name, {} as types.${kind}Args, { ...opts, id });`,
    "  }",
    "}\n",
  ].join("\n");
}

function output(line: Line, alwaysThere: boolean): string {
  const type = qualified(outputType(line.shape), line);
  return alwaysThere ? type : `${type} | undefined`;
}

/** Named types live in types.ts. */
function qualified(type: string, line: Line): string {
  return ["enum", "object", "document"].includes(line.shape.kind) ? `types.${type}` : type;
}

function functionPair(contract: FunctionContract, door: Door, examples: Examples): string {
  const { args } = outlineOfFunction(contract);
  const { name } = contract;
  const Name = pascalCase(name);
  const optional = args.some((line) => line.required) ? "" : "?";
  return [
    `${docblock([contract.doc, example(examples[name], door)])}export function ${name}(args${optional}: types.${Name}Args, opts?: pulumi.InvokeOptions): Promise<types.${Name}Result> {`,
    `  return call(${JSON.stringify(name)}, args, opts);`,
    "}\n",
    `${docblock([`As \`${name}\`, for arguments that may be outputs.`, contract.doc])}export function ${name}Output(args${optional}: types.${Name}OutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<types.${Name}Result> {`,
    `  return callOutput(${JSON.stringify(name)}, args, opts);`,
    "}\n",
  ].join("\n");
}

function providerClass(world: PackageDefinition): string {
  const outputs = outlineOfSettings(world.settings)
    .filter((line) => line.shape.kind === "string" || line.shape.kind === "enum")
    .map(
      (line) => `${docblock([line.doc], "  ")}  declare readonly ${line.name}: pulumi.Output<string | undefined>;\n`,
    );
  return [
    `${docblock(["An API to manage, for programs that talk to more than one. Pass it as `{ provider }` in a resource's options."])}export class Provider extends NativeProvider {`,
    outputs.join("\n"),
    "  constructor(name: string, args?: types.ProviderArgs, opts?: pulumi.ResourceOptions) {",
    "    super(name, args, opts);",
    "  }",
    "}\n",
  ].join("\n");
}

function baseOf(door: Door): string {
  return pascalCase(`${door}Resource`);
}

function example(programs: Example | undefined, door: Door): string {
  if (programs === undefined) return "";
  const program = programs.typescript.trimEnd();
  const imported = door === "native" ? program.replace('from "prefect-iac"', 'from "prefect-iac/native"') : program;
  return `@example\n\`\`\`ts\n${imported}\n\`\`\``;
}
