import * as pulumi from "@pulumi/pulumi";
import { token } from "../../schema/token.ts";

/** Calls a function of the schema in the program's own process, with the stack's configuration. */
export async function invoke<Result>(
  name: string,
  args: object | undefined,
  opts?: pulumi.InvokeOptions,
): Promise<Result> {
  refuseProvider(name, opts);
  const monitor = pulumi.runtime.getMonitor();
  if (monitor !== undefined && "mocks" in monitor) {
    return pulumi.runtime.invoke(token(name), { ...args }, opts);
  }
  const { invokeInProcess } = await import("./invoke-in-process.ts");
  const result = await invokeInProcess({
    name,
    args: { ...args },
    // Not pulumi.Config, which may warn about a secret that is read as plain text.
    config: (setting) => pulumi.runtime.getConfig(`prefect:${setting}`),
    warn: (message) => void pulumi.log.warn(message),
  });
  return result as Result;
}

export function invokeOutput<Result>(
  name: string,
  args: object | undefined,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<Result> {
  refuseProvider(name, opts);
  const { dependsOn, ...rest } = opts ?? {};
  const ids = pulumi.all([pulumi.output(dependsOn), resourcesIn(args)]).apply(([declared, used]) => {
    const list = declared === undefined ? [] : Array.isArray(declared) ? declared : [declared];
    return pulumi.all(
      [...list, ...used].map((resource) => (pulumi.CustomResource.isInstance(resource) ? resource.id : resource.urn)),
    );
  });
  // Unknown while a resource it depends on does not exist yet: then no request is sent.
  return pulumi
    .all([pulumi.output({ ...args }), ids])
    .apply(([known]) => invoke<Result>(name, known, rest)) as pulumi.Output<Result>;
}

/** Without this, the result would come from another API than the program names. */
function refuseProvider(name: string, opts: pulumi.InvokeOptions | undefined): void {
  if (opts?.provider === undefined) return;
  throw new Error(
    `${name}: functions that run without a plugin use the API of the stack's configuration (prefect:apiUrl) or the environment, and have no "provider" option; import ${name} from "prefect-iac/native" for that: it uses the plugin pulumi-resource-prefect`,
  );
}

/** The resources whose outputs are among the arguments. A preview knows the name of a pool before the pool exists. */
async function resourcesIn(args: object | undefined): Promise<pulumi.Resource[]> {
  const found = new Set<pulumi.Resource>();
  await pulumi.runtime.serializeProperty("arguments", { ...args }, found);
  return [...found];
}
