import * as pulumi from "@pulumi/pulumi";
import { token } from "../../schema/token.ts";
import { pluginVersion } from "./descriptions.generated.ts";

/** Calls a function of the schema in the plugin. */
export function invoke<Result>(name: string, args: object | undefined, opts?: pulumi.InvokeOptions): Promise<Result> {
  return pulumi.runtime.invoke(token(name), { ...args }, withPluginVersion(opts));
}

export function invokeOutput<Result>(
  name: string,
  args: object | undefined,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<Result> {
  return pulumi.runtime.invokeOutput<Result>(token(name), { ...args }, withPluginVersion(opts));
}

/** Asks Pulumi for the plugin of this package's own version. */
export function withPluginVersion<Options extends { version?: string }>(
  opts: Options | undefined,
): Options & { version: string } {
  return { ...(opts as Options), version: opts?.version ?? pluginVersion };
}
