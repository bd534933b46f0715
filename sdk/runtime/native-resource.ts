import * as pulumi from "@pulumi/pulumi";
import { dynamicToken, token } from "../../schema/token.ts";
import { settings } from "./descriptions.generated.ts";
import { withPluginVersion } from "./native-invoke.ts";
import type { ResourceDescription } from "./resource-description.ts";
import { resourceInputs, undefinedProperties } from "./resource-inputs.ts";

/** A resource that the plugin `pulumi-resource-prefect` manages. */
export abstract class NativeResource extends pulumi.CustomResource {
  constructor(
    description: ResourceDescription,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    const { kind, secretOutputs } = description;
    const merged = pulumi.mergeOptions(withPluginVersion(opts), {
      additionalSecretOutputs: [...secretOutputs],
      aliases: [{ type: dynamicToken(kind) }],
    });
    super(token(kind), name, resourceInputs(description, name, args, opts), merged);
  }
}

/** An explicit provider. Settings that are not text are sent as JSON text. */
export abstract class NativeProvider extends pulumi.ProviderResource {
  constructor(name: string, args: object | undefined, opts: pulumi.ResourceOptions | undefined) {
    const inputs: pulumi.Inputs = { ...args };
    for (const { name: setting, text, secret } of settings) {
      const declared: pulumi.Input<unknown> = inputs[setting];
      if (declared === undefined || declared === null) continue;
      const value = text ? declared : pulumi.output(declared).apply((known) => JSON.stringify(known));
      inputs[setting] = secret ? pulumi.secret(value) : value;
    }
    const secretSettings = settings.filter((setting) => setting.secret && setting.text).map((setting) => setting.name);
    const merged = pulumi.mergeOptions(withPluginVersion(opts), { additionalSecretOutputs: secretSettings });
    super("prefect", name, { ...undefinedProperties(settings.map((setting) => setting.name)), ...inputs }, merged);
  }
}
