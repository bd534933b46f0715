import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProviders } from "../../../../tools/bundle-providers.ts";
import { type ProviderEnvironment, startProviderEnvironment } from "../provider-environment.ts";
import { deploymentScenarios } from "./deployments.ts";
import { documentScenarios } from "./documents.ts";
import { failureScenarios } from "./failures.ts";
import { lifecycleScenarios } from "./lifecycle.ts";

/** Through Pulumi's provider protocol, from the bundles, without Pulumi's CLI. */
describe("the plugin and the dynamic provider give the same results", () => {
  let folder: string;
  let plugin: ProviderEnvironment;
  let dynamic: ProviderEnvironment;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "prefect-iac-scenarios-"));
    await bundleProviders(folder);
    [plugin, dynamic] = await Promise.all([
      startProviderEnvironment("plugin", folder, join(folder, "plugin")),
      startProviderEnvironment("dynamic provider", folder, join(folder, "dynamic")),
    ]);
    await plugin.provider.configure({ apiUrl: plugin.network.url });
    await dynamic.provider.configure({ apiUrl: dynamic.network.url });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([plugin?.stop(), dynamic?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const scenarios = [...lifecycleScenarios, ...documentScenarios, ...failureScenarios, ...deploymentScenarios];
  it.each(scenarios)("$name", async ({ run }) => {
    const [fromPlugin, fromDynamic] = await Promise.all([run(plugin), run(dynamic)]);
    expect(comparable(fromDynamic, dynamic)).toEqual(comparable(fromPlugin, plugin));
  });
});

/** Without ports and times. */
function comparable(results: unknown, env: ProviderEnvironment): unknown {
  const text = JSON.stringify(results, (_key, value: unknown) => (value === undefined ? null : value));
  const { host } = new URL(env.network.url);
  return JSON.parse(text.replaceAll(host, "<host>").replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"));
}
