import { processEnvironment } from "../../provider/client/index.ts";
import { createEngine } from "../../provider/engine/create-engine.ts";
import { validSettings } from "../../provider/pulumi/settings.ts";
import { resources } from "../../provider/resources/index.ts";
import type { Json, JsonObject } from "../../schema/json.ts";

export interface InvokeRequest {
  /** A function of the schema, for instance `getWorkPool`. */
  name: string;
  args: { [name: string]: unknown };
  /** The stack's configuration, by a setting's name. */
  config: (setting: string) => string | undefined;
  warn: (message: string) => void;
}

/** Calls a function of the schema without a plugin. Loaded only when a program calls a function, since it loads the engine and the
 *  HTTP client. Throws: EngineError; ConfigError. */
export async function invokeInProcess({ name, args, config, warn }: InvokeRequest): Promise<JsonObject> {
  const engine = createEngine({ settings: validSettings(config), resources, environment: processEnvironment(), warn });
  try {
    return await engine.call({ name, args: withoutAbsent(args), warn });
  } finally {
    await engine.close();
  }
}

function withoutAbsent(args: { [name: string]: unknown }): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value != null)) as { [key: string]: Json };
}
