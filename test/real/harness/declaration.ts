import type * as Pulumi from "@pulumi/pulumi";
import type { Json } from "../../../schema/json.ts";
import { requireFromProject } from "./setup.ts";

/** A resource of a program as data, so that one scenario runs in every mode. */
export interface Declaration {
  kind: string;
  /** The resource's name in the program. */
  name: string;
  props: { [field: string]: Value };
  /** `dependsOn`: names of resources. */
  after?: readonly string[];
  options?: Pulumi.CustomResourceOptions;
}

/** JSON that may contain outputs of other resources, and secrets. */
export type Value = Json | Output | Secret | Value[] | { [key: string]: Value };

class Output {
  readonly resource: string;
  readonly property: string;

  constructor(resource: string, property: string) {
    this.resource = resource;
    this.property = property;
  }
}

class Secret {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** An output of a resource that is declared earlier. */
export function output(resource: string, property: string): Output {
  return new Output(resource, property);
}

export function secret(value: Value): Secret {
  return new Secret(value);
}

/** The classes of `prefect-iac` (dynamic provider) or of `prefect-iac/native` (plugin). */
export type NodeMode = "dynamic" | "native";

type Classes = Record<
  string,
  new (
    name: string,
    props: Pulumi.Inputs,
    options: Pulumi.CustomResourceOptions,
  ) => Pulumi.CustomResource
>;

/** The program for a Node process: declares everything with the mode's classes. */
export function declareInNode(mode: NodeMode, declarations: readonly Declaration[]): void {
  const pulumi = requireFromProject<typeof Pulumi>("@pulumi/pulumi");
  const classes = requireFromProject<Classes>(mode === "native" ? "prefect-iac/native" : "prefect-iac");
  const resources = new Map<string, Pulumi.CustomResource>();
  const resourceOf = (name: string): Pulumi.CustomResource => {
    const resource = resources.get(name);
    if (resource === undefined) throw new Error(`${name} is not declared before it is used`);
    return resource;
  };
  const toNode = (value: Value): unknown => {
    if (value instanceof Output) return Reflect.get(resourceOf(value.resource), value.property);
    if (value instanceof Secret) return pulumi.secret(toNode(value.value));
    if (Array.isArray(value)) return value.map(toNode);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toNode(item)]));
    }
    return value;
  };
  for (const { kind, name, props, after = [], options = {} } of declarations) {
    const Class = classes[kind];
    if (Class === undefined) throw new Error(`prefect-iac exports no ${kind}`);
    const inputs = toNode(props) as Pulumi.Inputs;
    resources.set(name, new Class(name, inputs, { ...options, dependsOn: after.map(resourceOf) }));
  }
}

/** The same program for YAML, as the value of `resources`. Of the options, only `dependsOn` is kept. */
export function toYaml(declarations: readonly Declaration[]): object {
  return Object.fromEntries(
    declarations.map(({ kind, name, props, after = [] }) => [
      name,
      {
        type: `prefect:${kind}`,
        properties: Object.fromEntries(Object.entries(props).map(([key, value]) => [key, yamlProperty(value)])),
        ...(after.length === 0 ? {} : { options: { dependsOn: after.map((before) => `\${${before}}`) } }),
      },
    ]),
  );
}

/** The YAML host drops null properties: a document that has some is written as JSON text. */
function yamlProperty(value: Value): unknown {
  if (value instanceof Secret) return { "fn::secret": yamlProperty(value.value) };
  return isJson(value) && hasNull(value) ? yamlValue(JSON.stringify(value)) : yamlValue(value);
}

function isJson(value: Value): value is Json {
  if (value instanceof Output || value instanceof Secret) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isJson);
}

function hasNull(value: Json): boolean {
  return (
    typeof value === "object" && value !== null && Object.values(value).some((item) => item === null || hasNull(item))
  );
}

function yamlValue(value: Value): unknown {
  if (value instanceof Output) return `\${${value.resource}.${value.property}}`;
  if (value instanceof Secret) return { "fn::secret": yamlValue(value.value) };
  if (typeof value === "string") return value.replaceAll("${", "$${");
  if (Array.isArray(value)) return value.map(yamlValue);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, yamlValue(item)]));
  }
  return value;
}
