import * as pulumi from "@pulumi/pulumi";
import type { ResourceDescription } from "./description.ts";

/** What a class gives to the engine: every output as a property, for Pulumi makes an output only of names it is given; then what
 *  the program declares. Names of the caller's own are passed on, so that check refuses a misspelt one. A resource that is
 *  only read (`opts.id`) declares nothing. */
export function propertiesOf(
  { properties, nameField }: ResourceDescription,
  name: string,
  args: object | undefined,
  opts: pulumi.CustomResourceOptions | undefined,
): pulumi.Inputs {
  const inputs: pulumi.Inputs = { ...blank(properties), ...args };
  if (nameField !== undefined && opts?.id === undefined) inputs[nameField] = withDefault(inputs[nameField], name);
  return inputs;
}

export function blank(names: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** A dynamic provider is not told the resource's name, and neither are the mocks of a unit test. */
function withDefault(given: unknown, name: string): unknown {
  if (given === undefined || given === null) return name;
  return typeof given === "string" ? given : pulumi.output(given).apply((value) => value ?? name);
}
