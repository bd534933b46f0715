import type { FunctionContract, ResourceContract } from "../define.ts";
import { docblock, GENERATED, outputType } from "./node-types.ts";
import { type Line, outlineOf, outlineOfFunction, outlineOfSettings } from "./outline.ts";
import type { PackageDefinition } from "./pulumi.ts";
import type { Example, Examples } from "./reference.ts";
import { pascalCase } from "./shape.ts";

/** How the classes reach the provider: as a dynamic provider, without a plugin, or through the plugin `pulumi-resource-prefect`. */
export type Mode = "dynamic" | "native";

/** `sdk/generated/<mode>.ts`: a class for each resource and two functions for each function. The two files differ only in what they
 *  import from `sdk/runtime`, and in the class of the explicit provider. */
export function emitNodeClasses(definition: PackageDefinition, mode: Mode, examples: Examples): string {
  const bases = mode === "native" ? ["NativeProvider", "NativeResource"] : ["DynamicResource"];
  const heading = [
    GENERATED,
    'import * as pulumi from "@pulumi/pulumi";',
    'import { descriptions } from "../runtime/descriptions.generated.ts";',
    `import { invoke, invokeOutput } from "../runtime/${mode}-invoke.ts";`,
    `import { ${bases.join(", ")} } from "../runtime/${mode}-resource.ts";`,
    'import type * as types from "./types.ts";\n',
  ].join("\n");
  const provider = mode === "native" ? [providerClass(definition)] : [];
  const classes = definition.contracts.map((contract) => resourceClass(contract, mode, examples));
  const functions = definition.functions.map((contract) => functionPair(contract, mode, examples));
  return [heading, ...provider, ...classes, ...functions].join("\n");
}

/** `sdk/runtime/descriptions.generated.ts`: what the base classes need to know at run time. */
export function emitNodeDescriptions(definition: PackageDefinition, version: string): string {
  const resources = definition.contracts.map((contract) => {
    const { inputs, outputs } = outlineOf(contract);
    const nameField = Object.keys(contract.fields).find((name) => contract.fields[name]?.defaultsToResourceName);
    const description = {
      kind: contract.kind,
      properties: [...inputs, ...outputs].map((line) => line.name),
      ...(nameField === undefined ? {} : { nameField }),
      secretOutputs: outputs.filter((line) => line.secret).map((line) => line.name),
    };
    return `  ${contract.kind}: ${JSON.stringify(description)},`;
  });
  const settings = outlineOfSettings(definition.settings).map(({ name, shape, secret }) => {
    const text = shape.kind === "string" || shape.kind === "enum";
    return `  { name: ${JSON.stringify(name)}, text: ${text}, secret: ${secret} },`;
  });
  return [
    GENERATED,
    'import type { ResourceDescription, SettingDescription } from "./resource-description.ts";\n',
    "/** The version of this package, and of the plugin that `prefect-iac/native` needs. */",
    `export const pluginVersion = ${JSON.stringify(version)};\n`,
    `export const descriptions = {\n${resources.join("\n")}\n} satisfies Record<string, ResourceDescription>;\n`,
    `export const settings: readonly SettingDescription[] = [\n${settings.join("\n")}\n];\n`,
  ].join("\n");
}

function resourceClass(contract: ResourceContract, mode: Mode, examples: Examples): string {
  const { inputs, outputs } = outlineOf(contract);
  const { kind } = contract;
  const optional = inputs.some((line) => line.required) ? "" : "?";
  const alwaysPresent = (line: Line) => line.required || contract.fields[line.name]?.required === true;
  const properties = [...inputs, ...outputs].map(
    (line) =>
      `${docblock([line.doc], "  ")}  declare readonly ${line.name}: pulumi.Output<${output(line, alwaysPresent(line))}>;\n`,
  );
  return [
    `${docblock([contract.doc, `Import takes ${contract.importId}.`, example(examples[kind], mode)])}export class ${kind} extends ${baseOf(mode)} {`,
    properties.join("\n"),
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

function output(line: Line, alwaysPresent: boolean): string {
  const type = qualified(outputType(line.shape), line);
  return alwaysPresent ? type : `${type} | undefined`;
}

/** Named types live in types.ts. */
function qualified(type: string, line: Line): string {
  return ["enum", "object", "document"].includes(line.shape.kind) ? `types.${type}` : type;
}

function functionPair(contract: FunctionContract, mode: Mode, examples: Examples): string {
  const { args } = outlineOfFunction(contract);
  const { name } = contract;
  const Name = pascalCase(name);
  const optional = args.some((line) => line.required) ? "" : "?";
  return [
    `${docblock([contract.doc, example(examples[name], mode)])}export function ${name}(args${optional}: types.${Name}Args, opts?: pulumi.InvokeOptions): Promise<types.${Name}Result> {`,
    `  return invoke(${JSON.stringify(name)}, args, opts);`,
    "}\n",
    `${docblock([`As \`${name}\`, for arguments that may be outputs.`, contract.doc])}export function ${name}Output(args${optional}: types.${Name}OutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<types.${Name}Result> {`,
    `  return invokeOutput(${JSON.stringify(name)}, args, opts);`,
    "}\n",
  ].join("\n");
}

function providerClass(definition: PackageDefinition): string {
  const outputs = outlineOfSettings(definition.settings)
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

function baseOf(mode: Mode): string {
  return pascalCase(`${mode}Resource`);
}

function example(programs: Example | undefined, mode: Mode): string {
  if (programs === undefined) return "";
  const program = programs.typescript.trimEnd();
  const imported = mode === "native" ? program.replace('from "prefect-iac"', 'from "prefect-iac/native"') : program;
  return `@example\n\`\`\`ts\n${imported}\n\`\`\``;
}
