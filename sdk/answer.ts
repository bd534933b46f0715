import { processEnvironment } from "../provider/client/index.ts";
import { createEngine } from "../provider/engine/create-engine.ts";
import { readSettings } from "../provider/pulumi/settings.ts";
import { resources } from "../provider/resources/index.ts";
import type { Json, JsonObject } from "../schema/json.ts";
import { formatProblem } from "../schema/problem.ts";

export interface Question {
  /** A function of the schema, for instance `getWorkPool`. */
  name: string;
  args: { [name: string]: unknown };
  /** The stack's configuration, by a setting's name. */
  setting: (name: string) => string | undefined;
  warn: (message: string) => void;
}

/** Answers one of the functions of the schema in the program's own process. Loaded only when a program asks one: it brings the
 *  engine and the HTTP client along. Throws: EngineError; Error when the configuration is wrong. */
export async function answer({ name, args, setting, warn }: Question): Promise<JsonObject> {
  const { settings, problems } = readSettings(setting);
  if (problems.length > 0) {
    throw new Error(`the configuration of prefect is wrong: ${problems.map(formatProblem).join("; ")}`);
  }
  const engine = createEngine({ settings, resources, environment: processEnvironment(), warn });
  try {
    return await engine.call({ name, args: present(args), warn });
  } finally {
    await engine.close();
  }
}

function present(args: { [name: string]: unknown }): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value != null)) as { [key: string]: Json };
}
