import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { countingIds, type RunningServer, startServer } from "../../../server/index.ts";
import { type Network, startNetwork } from "../../support/network.ts";
import { type Door, startDynamic, startNative } from "./door.ts";

/** A door with a server of its own behind a network that can fail. Two stages on which the same things happened look the same:
 *  the server's ids count up. */
export interface Stage {
  readonly door: Door;
  readonly network: Network;
  /** The API, as somebody else uses it: not through the network. Answers the body. */
  api(method: string, path: string, body?: unknown): Promise<never>;
  stop(): Promise<void>;
}

export interface StageOptions {
  /** Where Pulumi's engine listens, for the native door. */
  engineAddress?: string;
  environment?: NodeJS.ProcessEnv;
}

/** `bundles` holds the doors' bundles; `project` becomes a project that has installed the package. */
export async function startStage(
  name: Door["name"],
  bundles: string,
  project: string,
  options: StageOptions = {},
): Promise<Stage> {
  const server: RunningServer = await startServer({ port: 0, ids: countingIds() });
  const network = await startNetwork(server.url);
  await mkdir(project, { recursive: true });
  // Nothing of the machine's own configuration: only what a scenario sets.
  const environment = { PREFECT_HOME: project, ...options.environment };
  const door =
    name === "native"
      ? await startNative(join(bundles, "plugin.cjs"), environment, options.engineAddress)
      : await startDynamic(join(bundles, "dynamic.cjs"), project, environment);
  return {
    door,
    network,
    async api(method, path, body) {
      const json = { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const response = await fetch(`${server.url}${path}`, { method, ...(body === undefined ? {} : json) });
      const text = await response.text();
      return (text === "" ? null : JSON.parse(text)) as never;
    },
    async stop() {
      await door.stop();
      await network.stop();
      await server.stop();
    },
  };
}
