import type { Setting } from "../config.ts";
import type { FunctionContract, ResourceContract } from "../define.ts";
import type { Json, JsonObject } from "../json.ts";
import type { TemplateRule } from "../template/template-rules.ts";
import { dynamicToken, token } from "../token.ts";
import { type Line, outlineOf, outlineOfFunction, outlineOfSettings } from "./outline.ts";
import { type Property, pascalCase, type Shape } from "./shape.ts";

export interface PackageMetadata {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly keywords: readonly string[];
}

export interface PackageDefinition {
  readonly contracts: readonly ResourceContract[];
  readonly functions: readonly FunctionContract[];
  readonly settings: Readonly<Record<string, Setting>>;
  /** Of templates, by id. */
  readonly rules: Readonly<Record<string, TemplateRule>>;
}

/** The Pulumi package schema: what `pulumi-resource-prefect` answers to GetSchema. The same input gives the same text. */
export function emitPulumiSchema(definition: PackageDefinition, metadata: PackageMetadata): JsonObject {
  const types = new Types();
  const settings = outlineOfSettings(definition.settings);
  const variables = properties(settings, types, "input");
  const resources: JsonObject = {};
  for (const contract of definition.contracts) resources[token(contract.kind)] = resource(contract, types);
  const functions: JsonObject = {};
  for (const contract of definition.functions) functions[token(contract.name)] = functionSpec(contract, types);
  return {
    name: "prefect",
    displayName: "Prefect",
    version: metadata.version,
    description: metadata.description,
    keywords: [...metadata.keywords, "kind/native", "category/infrastructure"],
    license: metadata.license,
    language: {
      nodejs: { packageName: "prefect-iac", respectSchemaVersion: true },
      python: { packageName: "pulumi_prefect", respectSchemaVersion: true, pyproject: { enabled: true } },
      go: { respectSchemaVersion: true, generateResourceContainerTypes: true },
    },
    config: { variables },
    provider: {
      description: "Where the Prefect API is, and how to talk to it.",
      inputProperties: variables,
      properties: stringsOnly(settings),
    },
    types: types.emitted,
    resources,
    functions,
  };
}

function resource(contract: ResourceContract, types: Types): JsonObject {
  const { inputs, outputs } = outlineOf(contract);
  const declared = Object.keys(contract.fields).filter((name) => contract.fields[name]?.required);
  return {
    description: `${contract.doc}\n\nImport takes ${contract.importId}.`,
    properties: properties([...inputs, ...outputs], types, "output"),
    required: [...declared, ...required(outputs)],
    inputProperties: properties(inputs, types, "input"),
    requiredInputs: required(inputs),
    aliases: [{ type: dynamicToken(contract.kind) }],
  };
}

function functionSpec(contract: FunctionContract, types: Types): JsonObject {
  const { args, results } = outlineOfFunction(contract);
  return {
    description: contract.doc,
    inputs: { type: "object", properties: properties(args, types, "input"), required: required(args) },
    outputs: { type: "object", properties: properties(results, types, "output"), required: required(results) },
  };
}

type Side = "input" | "output";

function properties(lines: readonly Line[], types: Types, side: Side): JsonObject {
  return Object.fromEntries(lines.map((line) => [line.name, property(line, types, side)]));
}

function property(line: Line, types: Types, side: Side): JsonObject {
  const type = types.spec(line.shape);
  return {
    ...(line.jsonText && side === "input" ? { oneOf: [type, { type: "string" }] } : type),
    description: [line.doc, ...line.notes].join("\n"),
    ...(line.secret ? { secret: true } : {}),
  };
}

/** Every output of a provider resource is a string on the wire. */
function stringsOnly(settings: readonly Line[]): JsonObject {
  return Object.fromEntries(
    settings
      .filter((line) => line.shape.kind === "string" || line.shape.kind === "enum")
      .map((line) => [line.name, { type: "string", description: line.doc, ...(line.secret ? { secret: true } : {}) }]),
  );
}

function required(lines: readonly Line[]): Json[] {
  return lines.filter((line) => line.required).map((line) => line.name);
}

/** Writes shapes down as type specs, and collects the named ones. */
class Types {
  readonly emitted: JsonObject = {};

  spec(shape: Shape): JsonObject {
    switch (shape.kind) {
      case "string":
      case "integer":
      case "number":
      case "boolean":
        return { type: shape.kind };
      case "array":
        return { type: "array", items: this.spec(shape.items) };
      case "map":
        return { type: "object", additionalProperties: this.spec(shape.values) };
      case "document":
        return { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } };
      case "any":
        return { $ref: "pulumi.json#/Any" };
      case "enum":
        return this.named(shape.name, () => ({
          type: "string",
          enum: shape.values.map((value) => ({ name: pascalCase(value), value })),
        }));
      case "object":
        return this.named(shape.name, () => this.objectSpec(shape.properties));
    }
  }

  private objectSpec(properties: readonly Property[]): JsonObject {
    const described = properties.map(({ name, doc, shape }) => [name, { ...this.spec(shape), description: doc }]);
    const always = properties.filter((property) => property.required).map((property) => property.name);
    // An empty list would be dropped by Pulumi's own schema tools, and the two texts would differ.
    const spec: JsonObject = { type: "object", properties: Object.fromEntries(described) };
    return always.length === 0 ? spec : { ...spec, required: always };
  }

  private named(name: string, spec: () => JsonObject): JsonObject {
    const emitted = spec();
    const before = this.emitted[token(name)];
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(emitted)) {
      throw new Error(`two different types are called ${name}`);
    }
    this.emitted[token(name)] = emitted;
    return { $ref: `#/types/${token(name)}` };
  }
}
