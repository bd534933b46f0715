import * as pulumi from "@pulumi/pulumi";
import { providerCode } from "../provider/pulumi/dynamic/provider-code.ts";
import { dynamicToken, token } from "../schema/token.ts";
import type { ResourceDescription } from "./description.ts";
import { propertiesOf } from "./properties.ts";

/** A resource that needs no plugin: its operations run in Pulumi's own provider for Node programs, which evaluates the text in
 *  `__provider`. That text is kept in every state, so it never changes: not the package's name, not the entry, not the kinds. */
export abstract class DynamicResource extends pulumi.CustomResource {
  constructor(
    description: ResourceDescription,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions | undefined,
  ) {
    const { kind, secretFacts } = description;
    refuseOptionsOfTheOtherDoor(kind, opts);
    const merged = pulumi.mergeOptions(opts, {
      additionalSecretOutputs: [...secretFacts],
      aliases: [{ type: token(kind) }],
    });
    const inputs = propertiesOf(description, name, args, opts);
    inputs.__provider = providerCode(kind);
    super(dynamicToken(kind), name, inputs, merged);
  }
}

function refuseOptionsOfTheOtherDoor(kind: string, opts: pulumi.CustomResourceOptions | undefined): void {
  const other = `import ${kind} from "prefect-iac/native" for that: it runs on the plugin pulumi-resource-prefect, and takes over what this class manages without a replacement`;
  if (opts?.import !== undefined) {
    throw new Error(`${kind}: the option "import" does not work for resources that run without a plugin; ${other}`);
  }
  if (opts?.provider !== undefined) {
    throw new Error(
      `${kind}: resources that run without a plugin have one API for the stack, from its configuration (prefect:apiUrl) or the environment, and no "provider" option; ${other}`,
    );
  }
}

/** Without this, the answer would come from another API than the program names. */
function refuseProvider(name: string, opts: pulumi.InvokeOptions | undefined): void {
  if (opts?.provider === undefined) return;
  throw new Error(
    `${name}: functions that run without a plugin ask the API of the stack's configuration (prefect:apiUrl) or the environment, and have no "provider" option; import ${name} from "prefect-iac/native" for that: it runs on the plugin pulumi-resource-prefect`,
  );
}

/** Answers a function in this very process, with the stack's configuration. */
export async function call<Result>(
  name: string,
  args: object | undefined,
  opts?: pulumi.InvokeOptions,
): Promise<Result> {
  refuseProvider(name, opts);
  const monitor = pulumi.runtime.getMonitor();
  if (monitor !== undefined && "mocks" in monitor) {
    return pulumi.runtime.invoke(token(name), { ...args }, opts);
  }
  const { answer } = await import("./answer.ts");
  const answered = await answer({
    name,
    args: { ...args },
    // Not pulumi.Config: that is free to warn about a secret that is read in plain.
    setting: (setting) => pulumi.runtime.getConfig(`prefect:${setting}`),
    warn: (message) => void pulumi.log.warn(message),
  });
  return answered as Result;
}

export function callOutput<Result>(
  name: string,
  args: object | undefined,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<Result> {
  refuseProvider(name, opts);
  const { dependsOn, ...rest } = opts ?? {};
  const ids = pulumi.all([pulumi.output(dependsOn), resourcesIn(args)]).apply(([named, used]) => {
    const list = named === undefined ? [] : Array.isArray(named) ? named : [named];
    return pulumi.all(
      [...list, ...used].map((resource) => (pulumi.CustomResource.isInstance(resource) ? resource.id : resource.urn)),
    );
  });
  // Unknown while a resource it depends on does not exist yet: then nothing is asked.
  return pulumi
    .all([pulumi.output({ ...args }), ids])
    .apply(([known]) => call<Result>(name, known, rest)) as pulumi.Output<Result>;
}

/** The resources that outputs among the arguments come from. A preview knows the name of a pool before the pool exists. */
async function resourcesIn(args: object | undefined): Promise<pulumi.Resource[]> {
  const found = new Set<pulumi.Resource>();
  await pulumi.runtime.serializeProperty("arguments", { ...args }, found);
  return [...found];
}
