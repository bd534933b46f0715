import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProviders } from "../../../tools/bundle.ts";
import { scenarios } from "./scenarios.ts";
import { scenariosWithDeployments } from "./scenarios-with-deployments.ts";
import { type Stage, startStage } from "./stage.ts";

/** Both doors over their real protocols, from their bundles, without Pulumi's CLI. */
describe("on both doors alike", () => {
  let folder: string;
  let native: Stage;
  let dynamic: Stage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "prefect-iac-doors-"));
    await bundleProviders(folder);
    [native, dynamic] = await Promise.all([
      startStage("native", folder, join(folder, "native")),
      startStage("dynamic", folder, join(folder, "dynamic")),
    ]);
    await native.door.configure({ apiUrl: native.network.url });
    await dynamic.door.configure({ apiUrl: dynamic.network.url });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([native?.stop(), dynamic?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  it.each([...scenarios, ...scenariosWithDeployments])("$name", async ({ play }) => {
    const [onNative, onDynamic] = await Promise.all([play(native), play(dynamic)]);
    expect(comparable(onDynamic, dynamic)).toEqual(comparable(onNative, native));
  });
});

/** Ports and times aside. */
function comparable(seen: unknown, stage: Stage): unknown {
  const text = JSON.stringify(seen, (_key, value: unknown) => (value === undefined ? null : value));
  const { host } = new URL(stage.network.url);
  return JSON.parse(text.replaceAll(host, "<host>").replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>"));
}
