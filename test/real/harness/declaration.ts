import type * as Pulumi from "@pulumi/pulumi";
import type { Json } from "../../../schema/json.ts";
import { fromProject } from "./machine.ts";

/** A program as data, so that one scenario runs through every door. */
export interface Declaration {
  kind: string;
  /** The resource's name in the program. */
  name: string;
  props: { [field: string]: Value };
  /** Names of resources that come first, where no property says so. */
  after?: readonly string[];
  options?: Pulumi.CustomResourceOptions;
}

/** JSON, with outputs of other resources and with secrets anywhere inside. */
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

/** An output of a resource that is declared before. */
export function output(resource: string, property: string): Output {
  return new Output(resource, property);
}

export function secret(value: Value): Secret {
  return new Secret(value);
}

export type NodeDoor = "dynamic" | "native";

type Classes = Record<
  string,
  new (
    name: string,
    props: Pulumi.Inputs,
    options: Pulumi.CustomResourceOptions,
  ) => Pulumi.CustomResource
>;

/** The program for a Node process: declares everything with the classes of a door. */
export function declareInNode(door: NodeDoor, declarations: readonly Declaration[]): void {
  const pulumi = fromProject<typeof Pulumi>("@pulumi/pulumi");
  const classes = fromProject<Classes>(door === "native" ? "prefect-iac/native" : "prefect-iac");
  const made = new Map<string, Pulumi.CustomResource>();
  const resourceOf = (name: string): Pulumi.CustomResource => {
    const resource = made.get(name);
    if (resource === undefined) throw new Error(`${name} is not declared before it is used`);
    return resource;
  };
  const inNode = (value: Value): unknown => {
    if (value instanceof Output) return Reflect.get(resourceOf(value.resource), value.property);
    if (value instanceof Secret) return pulumi.secret(inNode(value.value));
    if (Array.isArray(value)) return value.map(inNode);
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inNode(item)]));
    }
    return value;
  };
  for (const { kind, name, props, after = [], options = {} } of declarations) {
    const Class = classes[kind];
    if (Class === undefined) throw new Error(`prefect-iac exports no ${kind}`);
    const inputs = inNode(props) as Pulumi.Inputs;
    made.set(name, new Class(name, inputs, { ...options, dependsOn: after.map(resourceOf) }));
  }
}

/** The same program for YAML, as the value of `resources`. JSON is YAML. Options other than the order are not carried over. */
export function inYaml(declarations: readonly Declaration[]): object {
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

/** The YAML host drops the nulls of objects; where they matter, a program gives the document as JSON text. */
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
