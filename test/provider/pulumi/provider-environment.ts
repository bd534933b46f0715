import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { countingIds, type RunningServer, startServer } from "../../../server/index.ts";
import { type Network, startNetwork } from "../../support/network.ts";
import { type ProviderProcess, startDynamicProvider, startPlugin } from "./provider-process.ts";

/** A provider process and a server behind a network that can fail. The server's ids count up, so that the same calls have the same
 *  results in two environments. */
export interface ProviderEnvironment {
  readonly provider: ProviderProcess;
  readonly network: Network;
  /** A request of another client, not through the network. Returns the body. */
  api<Body>(method: string, path: string, body?: unknown): Promise<Body>;
  stop(): Promise<void>;
}

export interface ProviderEnvironmentOptions {
  /** `host:port` of Pulumi's engine, for the plugin. */
  engineAddress?: string;
  environment?: NodeJS.ProcessEnv;
}

/** `bundles`: folder of the bundles. `project`: folder for a project with the package installed. */
export async function startProviderEnvironment(
  name: ProviderProcess["name"],
  bundles: string,
  project: string,
  options: ProviderEnvironmentOptions = {},
): Promise<ProviderEnvironment> {
  const server: RunningServer = await startServer({ port: 0, ids: countingIds() });
  const network = await startNetwork(server.url);
  await mkdir(project, { recursive: true });
  // Only what a scenario sets, nothing of the machine's own configuration.
  const environment = { PREFECT_HOME: project, ...options.environment };
  const provider =
    name === "plugin"
      ? await startPlugin(join(bundles, "plugin.cjs"), environment, options.engineAddress)
      : await startDynamicProvider(join(bundles, "dynamic.cjs"), project, environment);
  return {
    provider,
    network,
    async api<Body>(method: string, path: string, body?: unknown) {
      const json = { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const response = await fetch(`${server.url}${path}`, { method, ...(body === undefined ? {} : json) });
      const text = await response.text();
      return (text === "" ? null : JSON.parse(text)) as Body;
    },
    async stop() {
      await provider.stop();
      await network.stop();
      await server.stop();
    },
  };
}
