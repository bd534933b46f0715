import * as pulumi from "@pulumi/pulumi";
import type { ResourceDescription } from "./resource-description.ts";

/** The properties a class registers: every output, since Pulumi creates an `Output` only for names it gets, and what the program
 *  declares. Unknown names are passed on, so that check refuses them. A resource that is only read (`opts.id`) declares nothing. */
export function resourceInputs(
  { properties, nameField }: ResourceDescription,
  name: string,
  args: object | undefined,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const inputs: pulumi.Inputs = { ...undefinedProperties(properties), ...args };
  if (nameField !== undefined && opts?.id === undefined) inputs[nameField] = withDefault(inputs[nameField], name);
  return inputs;
}

export function undefinedProperties(names: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** Set here, because neither a dynamic provider nor the mocks of a unit test get the resource's name. */
function withDefault(declared: unknown, name: string): unknown {
  if (declared === undefined || declared === null) return name;
  return typeof declared === "string" ? declared : pulumi.output(declared).apply((value) => value ?? name);
}
