import { processEnvironment } from "../../client/index.ts";
import { createEngine } from "../../engine/create-engine.ts";
import { resources } from "../../resources/index.ts";
import { type DynamicProvider, dynamicDoor } from "./handler.ts";

/** What `require("prefect-iac/dynamic")` answers: the provider behind the Node SDK's resources, run by Pulumi's own dynamic
 *  provider server. `handler` and the kinds are frozen for ever (provider-code.ts). */
const door = dynamicDoor({
  openEngine: (settings) => createEngine({ settings, resources, environment: processEnvironment(), warn }),
  warn,
});

export function handler(kind: string): DynamicProvider {
  return door.handler(kind);
}

/** stderr of this process is shown to the user, and there is no other way to tell a warning. */
function warn(message: string): void {
  process.stderr.write(`warning: ${message}\n`);
}
