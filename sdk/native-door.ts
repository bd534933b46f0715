import * as pulumi from "@pulumi/pulumi";
import { dynamicToken, token } from "../schema/token.ts";
import type { ResourceDescription } from "./description.ts";
import { settings, VERSION } from "./generated/descriptions.ts";
import { blank, propertiesOf } from "./properties.ts";

/** A resource that the plugin `pulumi-resource-prefect` manages. */
export abstract class NativeResource extends pulumi.CustomResource {
  constructor(
    description: ResourceDescription,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    const { kind, secretFacts } = description;
    const merged = pulumi.mergeOptions(versioned(opts), {
      additionalSecretOutputs: [...secretFacts],
      aliases: [{ type: dynamicToken(kind) }],
    });
    super(token(kind), name, propertiesOf(description, name, args, opts), merged);
  }
}

/** A configured provider. Settings that are not text travel as JSON. */
export abstract class NativeProvider extends pulumi.ProviderResource {
  constructor(name: string, args: object | undefined, opts: pulumi.ResourceOptions | undefined) {
    const inputs: pulumi.Inputs = { ...args };
    for (const { name: setting, text, secret } of settings) {
      const given: pulumi.Input<unknown> = inputs[setting];
      if (given === undefined || given === null) continue;
      const value = text ? given : pulumi.output(given).apply((known) => JSON.stringify(known));
      inputs[setting] = secret ? pulumi.secret(value) : value;
    }
    const secretSettings = settings.filter((setting) => setting.secret && setting.text).map((setting) => setting.name);
    const merged = pulumi.mergeOptions(versioned(opts), { additionalSecretOutputs: secretSettings });
    super("prefect", name, { ...blank(settings.map((setting) => setting.name)), ...inputs }, merged);
  }
}

export function call<Result>(name: string, args: object | undefined, opts?: pulumi.InvokeOptions): Promise<Result> {
  return pulumi.runtime.invoke(token(name), { ...args }, versioned(opts));
}

export function callOutput<Result>(
  name: string,
  args: object | undefined,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<Result> {
  return pulumi.runtime.invokeOutput<Result>(token(name), { ...args }, versioned(opts));
}

/** Asks for the plugin of this package's own version. */
function versioned<Options extends { version?: string }>(opts: Options | undefined): Options & { version: string } {
  return { ...(opts as Options), version: opts?.version ?? VERSION };
}
