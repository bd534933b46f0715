import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { providerCode } from "../../../provider/pulumi/dynamic/provider-code.ts";
import { contracts } from "../../../schema/contracts/index.ts";
import { bundleProviders } from "../../../tools/bundle.ts";
import { CallFailure, js, type Properties, unary } from "./door.ts";
import { PLANTED } from "./scenarios.ts";
import { type Stage, startStage } from "./stage.ts";

const struct = (properties: Properties) => structs.Struct.fromJavaScript(properties as never);

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prefect-iac-dynamic-"));
  await bundleProviders(folder);
}, 60_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("the code that states of the dynamic door hold", () => {
  it("is frozen, for every kind", () => {
    for (const { kind } of contracts) {
      expect(providerCode(kind)).toBe(`exports.handler=()=>require("prefect-iac/dynamic").handler("${kind}")`);
    }
  });
});

describe("the dynamic door", () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage("dynamic", folder, join(folder, "project"));
    await stage.door.configure({ apiUrl: stage.network.url });
  }, 60_000);

  afterAll(async () => {
    await stage?.stop();
  });

  it("is a CommonJS module, and loading it does nothing but export `handler`", () => {
    const loaded = createRequire(import.meta.url)(join(folder, "dynamic.cjs")) as object;
    expect(Object.keys(loaded)).toEqual(["handler"]);
  });

  it("plans one update, which sends nothing, for a resource that comes from the native door", async () => {
    const made = await stage.door.create("WorkPool", "moved", { name: "moved", type: "process" });
    const type = "pulumi-nodejs:dynamic/prefect:WorkPool";
    const urn = `urn:pulumi:dev::test::${type}::moved`;
    const code = { __provider: providerCode("WorkPool") };
    const news = struct({ name: "moved", type: "process", ...code });
    const diff = new messages.DiffRequest().setUrn(urn).setId("moved").setOlds(struct(made.outputs)).setNews(news);
    const { client } = stage.door;
    const planned = await unary<InstanceType<typeof messages.DiffResponse>>((done) => client.diff(diff, done));
    expect(planned.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_SOME);
    expect(planned.getReplacesList()).toEqual([]);
    stage.network.writes();
    const update = new messages.UpdateRequest().setUrn(urn).setId("moved").setOlds(struct(made.outputs)).setNews(news);
    const updated = await unary<InstanceType<typeof messages.UpdateResponse>>((done) => client.update(update, done));
    expect(js(updated.getProperties())).toEqual({ ...made.outputs, ...code });
    expect(stage.network.writes()).toEqual([]);
  });

  it("keeps its code in the state of an object whose create failed half way", async () => {
    await stage.api("POST", "/work_pools/", { name: "halves", type: "process" });
    const refusal = { status: 403, body: '{"detail":"no"}' };
    stage.network.faultFor = ({ path }) => (path.endsWith("/queues/filter") ? { instead: refusal } : "pass");
    const code = { __provider: providerCode("WorkQueue") };
    const request = new messages.CreateRequest().setUrn("urn:pulumi:dev::test::t::q");
    request.setProperties(struct({ workPool: "halves", name: "q", priority: 1, ...code }));
    const raw = await new Promise<Uint8Array>((resolve) => {
      stage.door.client.create(request, (error) =>
        resolve(error?.metadata.get("grpc-status-details-bin")[0] as Uint8Array),
      );
    });
    stage.network.faultFor = () => "pass";
    expect(Buffer.from(raw).toString()).toContain('require("prefect-iac/dynamic").handler("WorkQueue")');
  });

  it("lets a running create end when it is cancelled, as Pulumi's server for it does", async () => {
    const creating = stage.door.create("WorkPool", "goes on", { name: "goes on", type: "process" });
    await stage.door.cancel();
    expect((await creating).id).toBe("goes on");
  });

  it("shows failures to the terminal without a stack, and tells warnings there", async () => {
    stage.network.faultFor = () => ({ instead: { status: 404, body: "<html>not us</html>", type: "text/html" } });
    const olds = { name: "p", type: "process", workPoolId: "00000000-0000-4000-8000-00000000abcd" };
    await expect(stage.door.read("WorkPool", "p", olds)).rejects.toBeInstanceOf(CallFailure);
    await expect(stage.door.remove("WorkPool", "p", olds)).rejects.toBeInstanceOf(CallFailure);
    stage.network.faultFor = () => "pass";
    await stage.door.check("WorkPool", "typo", {}, { name: "typo", type: "proces" });
    const told = await vi.waitFor(() => {
      const written = stage.door.written.join("");
      expect(written).toMatch(/^warning: type: is not a worker type .*did you mean "process"\?/m);
      return written;
    });
    expect(told).not.toMatch(/^\s+at /m);
  });
});

describe.each(["native", "dynamic"] as const)("credentials in the %s door", (door) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await startStage(door, folder, join(folder, `credentials-${door}`));
    const { host } = new URL(stage.network.url);
    await stage.door.configure({
      apiUrl: `http://me:${PLANTED}@${host}/api`,
      apiKey: `key-${PLANTED}`,
      customHeaders: JSON.stringify({ "x-secret": `header-${PLANTED}` }),
    });
  }, 60_000);

  afterAll(async () => {
    await stage?.stop();
  });

  it("reach the server, and no message, whatever the server answers", async () => {
    const told: unknown[] = [];
    const odd = `{"detail":"Bearer key-${PLANTED} header-${PLANTED}"}`;
    for (const trick of [
      { instead: { status: 401, body: odd } },
      { instead: { status: 403, body: odd } },
      { instead: { status: 500, body: odd } },
      { instead: { status: 200, body: `<html>key-${PLANTED}</html>`, type: "text/html" } },
    ]) {
      stage.network.faultFor = () => trick;
      const failure = await stage.door.create("WorkPool", "p", { name: "p", type: "process" }).catch((error) => error);
      expect(failure).toBeInstanceOf(CallFailure);
      told.push((failure as CallFailure).message);
    }
    expect(stage.network.requests.length).toBeGreaterThan(0);
    expect(JSON.stringify(told) + stage.door.written.join("")).not.toContain(PLANTED);
  });
});
