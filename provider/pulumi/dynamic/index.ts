import { processEnvironment } from "../../client/index.ts";
import { createEngine } from "../../engine/create-engine.ts";
import { resources } from "../../resources/index.ts";
import { createDynamicProvider, type DynamicResourceProvider } from "./create-dynamic-provider.ts";

/** The module `prefect-iac/dynamic`: the provider of the Node SDK's resources, run by Pulumi's dynamic provider server. `handler` and the
 *  kinds must never change (provider-code.ts). */
const provider = createDynamicProvider({
  openEngine: (settings) => createEngine({ settings, resources, environment: processEnvironment(), warn }),
  warn,
});

export function handler(kind: string): DynamicResourceProvider {
  return provider.handler(kind);
}

/** The server shows stderr of this process to the user; it has no other channel for warnings. */
function warn(message: string): void {
  process.stderr.write(`warning: ${message}\n`);
}
