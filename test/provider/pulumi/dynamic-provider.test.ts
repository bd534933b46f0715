import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { providerCode } from "../../../provider/pulumi/dynamic/provider-code.ts";
import { contracts } from "../../../schema/contracts/index.ts";
import { bundleProviders } from "../../../tools/bundle-providers.ts";
import { type ProviderEnvironment, startProviderEnvironment } from "./provider-environment.ts";
import { CallError, js, type Properties, unary } from "./provider-process.ts";
import { PLANTED } from "./scenarios/scenario.ts";

const struct = (properties: Properties) => structs.Struct.fromJavaScript(properties as never);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prefect-iac-dynamic-"));
  await bundleProviders(folder);
}, 60_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("the provider code in states", () => {
  it("is frozen, for every kind", () => {
    for (const { kind } of contracts) {
      expect(providerCode(kind)).toBe(`exports.handler=()=>require("prefect-iac/dynamic").handler("${kind}")`);
    }
  });
});

describe("the dynamic provider", () => {
  let env: ProviderEnvironment;

  beforeAll(async () => {
    env = await startProviderEnvironment("dynamic provider", folder, join(folder, "project"));
    await env.provider.configure({ apiUrl: env.network.url });
  }, 60_000);

  afterAll(async () => {
    await env?.stop();
  });

  it("is a CommonJS module that exports only `handler`", () => {
    const loaded = createRequire(import.meta.url)(join(folder, "dynamic.cjs")) as object;
    expect(Object.keys(loaded)).toEqual(["handler"]);
  });

  it("plans one update, which sends no request, for a resource that comes from the plugin", async () => {
    const created = await env.provider.create("WorkPool", "moved", { name: "moved", type: "process" });
    const type = "pulumi-nodejs:dynamic/prefect:WorkPool";
    const urn = `urn:pulumi:dev::test::${type}::moved`;
    const code = { __provider: providerCode("WorkPool") };
    const news = struct({ name: "moved", type: "process", ...code });
    const diff = new messages.DiffRequest().setUrn(urn).setId("moved").setOlds(struct(created.outputs)).setNews(news);
    const { client } = env.provider;
    const planned = await unary<InstanceType<typeof messages.DiffResponse>>((done) => client.diff(diff, done));
    expect(planned.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_SOME);
    expect(planned.getReplacesList()).toEqual([]);
    env.network.writes();
    const update = new messages.UpdateRequest()
      .setUrn(urn)
      .setId("moved")
      .setOlds(struct(created.outputs))
      .setNews(news);
    const updated = await unary<InstanceType<typeof messages.UpdateResponse>>((done) => client.update(update, done));
    expect(js(updated.getProperties())).toEqual({ ...created.outputs, ...code });
    expect(env.network.writes()).toEqual([]);
  });

  it("keeps its code in the state of an object whose create failed half way", async () => {
    await env.api("POST", "/work_pools/", { name: "halves", type: "process" });
    const refusal = { status: 403, body: '{"detail":"no"}' };
    env.network.faultFor = ({ path }) => (path.endsWith("/queues/filter") ? { instead: refusal } : "pass");
    const code = { __provider: providerCode("WorkQueue") };
    const request = new messages.CreateRequest().setUrn("urn:pulumi:dev::test::t::q");
    request.setProperties(struct({ workPool: "halves", name: "q", priority: 1, ...code }));
    const raw = await new Promise<Uint8Array>((resolve) => {
      env.provider.client.create(request, (error) =>
        resolve(error?.metadata.get("grpc-status-details-bin")[0] as Uint8Array),
      );
    });
    env.network.faultFor = () => "pass";
    expect(Buffer.from(raw).toString()).toContain('require("prefect-iac/dynamic").handler("WorkQueue")');
  });

  it("lets a running create finish when it is cancelled, as Pulumi's server does", async () => {
    const creating = env.provider.create("WorkPool", "goes on", { name: "goes on", type: "process" });
    await env.provider.cancel();
    expect((await creating).id).toBe("goes on");
  });

  it("writes errors to the terminal without a stack trace, and warnings", async () => {
    env.network.faultFor = () => ({ instead: { status: 404, body: "<html>not us</html>", type: "text/html" } });
    const olds = { name: "p", type: "process", workPoolId: "00000000-0000-4000-8000-00000000abcd" };
    await expect(env.provider.read("WorkPool", "p", olds)).rejects.toBeInstanceOf(CallError);
    await expect(env.provider.remove("WorkPool", "p", olds)).rejects.toBeInstanceOf(CallError);
    env.network.faultFor = () => "pass";
    await env.provider.check("WorkPool", "typo", {}, { name: "typo", type: "proces" });
    const output = await vi.waitFor(() => {
      const text = env.provider.output.join("");
      expect(text).toMatch(/^warning: type: is not a worker type .*did you mean "process"\?/m);
      return text;
    });
    expect(output).not.toMatch(/^\s+at /m);
  });
});

describe.each(["plugin", "dynamic provider"] as const)("credentials in the %s", (name) => {
  let env: ProviderEnvironment;

  beforeAll(async () => {
    env = await startProviderEnvironment(name, folder, join(folder, `credentials of the ${name}`));
    const { host } = new URL(env.network.url);
    await env.provider.configure({
      apiUrl: `http://me:${PLANTED}@${host}/api`,
      apiKey: `key-${PLANTED}`,
      customHeaders: JSON.stringify({ "x-secret": `header-${PLANTED}` }),
    });
  }, 60_000);

  afterAll(async () => {
    await env?.stop();
  });

  it("reach the server, and no message, whatever the response", async () => {
    const texts: unknown[] = [];
    const body = `{"detail":"Bearer key-${PLANTED} header-${PLANTED}"}`;
    for (const fault of [
      { instead: { status: 401, body } },
      { instead: { status: 403, body } },
      { instead: { status: 500, body } },
      { instead: { status: 200, body: `<html>key-${PLANTED}</html>`, type: "text/html" } },
    ]) {
      env.network.faultFor = () => fault;
      const error = await env.provider
        .create("WorkPool", "p", { name: "p", type: "process" })
        .catch((thrown) => thrown);
      expect(error).toBeInstanceOf(CallError);
      texts.push((error as CallError).message);
    }
    expect(env.network.requests.length).toBeGreaterThan(0);
    expect(JSON.stringify(texts) + env.provider.output.join("")).not.toContain(PLANTED);
  });
});
