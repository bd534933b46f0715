import * as pulumi from "@pulumi/pulumi";
import { providerCode } from "../../provider/pulumi/dynamic/provider-code.ts";
import { dynamicToken, token } from "../../schema/token.ts";
import type { ResourceDescription } from "./resource-description.ts";
import { resourceInputs } from "./resource-inputs.ts";

/** A resource that needs no plugin: its operations run in Pulumi's dynamic provider for Node programs, which evaluates the code in
 *  `__provider`. That code is stored in every state, so it never changes: not the package's name, not the entry, not the kinds. */
export abstract class DynamicResource extends pulumi.CustomResource {
  constructor(
    description: ResourceDescription,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    const { kind, secretOutputs } = description;
    refusePluginOptions(kind, opts);
    const merged = pulumi.mergeOptions(opts, {
      additionalSecretOutputs: [...secretOutputs],
      aliases: [{ type: token(kind) }],
    });
    const inputs = resourceInputs(description, name, args, opts);
    inputs.__provider = providerCode(kind);
    super(dynamicToken(kind), name, inputs, merged);
  }
}

function refusePluginOptions(kind: string, opts: pulumi.CustomResourceOptions | undefined): void {
  const advice = `import ${kind} from "prefect-iac/native" for that: it uses the plugin pulumi-resource-prefect, and takes over what this class manages without a replacement`;
  if (opts?.import !== undefined) {
    throw new Error(`${kind}: the option "import" does not work for resources that run without a plugin; ${advice}`);
  }
  if (opts?.provider !== undefined) {
    throw new Error(
      `${kind}: resources that run without a plugin have one API for the stack, from its configuration (prefect:apiUrl) or the environment, and no "provider" option; ${advice}`,
    );
  }
}
