import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { encode, secret } from "../../../provider/pulumi/codec.ts";
import { UNKNOWN } from "../../../schema/json.ts";
import { bundleProviders } from "../../../tools/bundle-providers.ts";
import { type EngineLogServer, startEngineLogServer } from "./engine-log-server.ts";
import { type ProviderEnvironment, startProviderEnvironment } from "./provider-environment.ts";
import { CallError, js, type Properties, unary } from "./provider-process.ts";
import { PLANTED } from "./scenarios/scenario.ts";

type CheckResponse = InstanceType<typeof messages.CheckResponse>;
type DiffResponse = InstanceType<typeof messages.DiffResponse>;

const unknown = encode(UNKNOWN) as string;
const urn = "urn:pulumi:dev::test::my:index:Component$prefect:index:WorkPool::the::name";
const type = "prefect:index:WorkPool";
const struct = (properties: Properties) => structs.Struct.fromJavaScript(properties as never);

describe("the plugin", () => {
  let folder: string;
  let env: ProviderEnvironment;
  let engineLog: EngineLogServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "prefect-iac-native-"));
    engineLog = await startEngineLogServer();
    await bundleProviders(folder);
    env = await startProviderEnvironment("plugin", folder, join(folder, "project"), {
      engineAddress: engineLog.address,
      environment: { PREFECT_API_KEY: `env-${PLANTED}` },
    });
    await env.provider.configure({ apiUrl: env.network.url });
  }, 60_000);

  afterAll(async () => {
    await env?.stop();
    engineLog?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const client = () => env.provider.client;

  it("declares in the handshake that Pulumi's engine tracks secrets, and that it accepts references to resources", async () => {
    const response = await unary<InstanceType<typeof messages.ProviderHandshakeResponse>>((done) =>
      client().handshake(new messages.ProviderHandshakeRequest(), done),
    );
    expect(response.toObject()).toEqual({
      acceptSecrets: false,
      acceptResources: true,
      acceptOutputs: false,
      supportsAutonamingConfiguration: false,
      acceptsByteString: false,
      acceptsOutputsInInvoke: false,
      acceptsOutputsInCall: false,
      acceptsOutputsInCheck: false,
    });
  });

  it("returns the committed schema and the package's version", async () => {
    const schema = await unary<InstanceType<typeof messages.GetSchemaResponse>>((done) =>
      client().getSchema(new messages.GetSchemaRequest(), done),
    );
    const root = join(import.meta.dirname, "../../..");
    const committed = await readFile(join(root, "schema", "pulumi.json"), "utf8");
    expect(JSON.parse(schema.getSchema())).toEqual(JSON.parse(committed));
    const info = await unary<{ getVersion(): string }>((done) => client().getPluginInfo(new empties.Empty(), done));
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    expect(info.getVersion()).toBe(manifest.version);
  });

  it("returns UNIMPLEMENTED for every other method of the protocol, streams too", async () => {
    const missing = ["parameterize", "call", "construct", "getMapping", "getMappings", "list"];
    const raw = new grpc.Client(client().getChannel().getTarget(), grpc.credentials.createInsecure());
    const methods = Object.entries(rpc.ResourceProviderService).filter(([name]) => missing.includes(name));
    expect(methods.length).toBe(missing.length);
    for (const [, method] of methods) {
      const { path, requestSerialize, responseDeserialize, responseStream } = method;
      const request = requests[path.split("/").at(-1) ?? ""]?.();
      const code = await new Promise<number>((resolve) => {
        if (responseStream) {
          const stream = raw.makeServerStreamRequest(path, requestSerialize as never, responseDeserialize, request);
          stream.on("error", (error: grpc.ServiceError) => resolve(error.code)).on("data", () => undefined);
        } else {
          raw.makeUnaryRequest(path, requestSerialize as never, responseDeserialize, request, (error) =>
            resolve(error?.code ?? grpc.status.OK),
          );
        }
      });
      expect({ path, code }).toEqual({ path, code: grpc.status.UNIMPLEMENTED });
    }
    raw.close();
  });

  it("names a resource by the last part of its URN, which may contain `::`", async () => {
    const request = new messages.CheckRequest().setUrn(urn).setNews(struct({ type: "process" }));
    const response = await unary<CheckResponse>((done) => client().check(request, done));
    expect(js(response.getInputs())).toEqual({ name: "the::name", type: "process" });
  });

  it("accepts requests without properties", async () => {
    const check = await unary<CheckResponse>((done) =>
      client().check(new messages.CheckRequest().setUrn(urn).setType(type), done),
    );
    expect(check.getFailuresList().map((failure) => failure.getReason())).toEqual(["type: is required [required]"]);
    const read = new messages.ReadRequest().setUrn(urn).setType(type).setId("nobody");
    const found = await unary<InstanceType<typeof messages.ReadResponse>>((done) => client().read(read, done));
    expect(found.toObject()).toMatchObject({ id: "", properties: undefined, inputs: undefined });
    const configured = await unary<InstanceType<typeof messages.CheckResponse>>((done) =>
      client().checkConfig(new messages.CheckRequest(), done),
    );
    expect(js(configured.getInputs())).toEqual({});
  });

  it("reports changed leaves, the kind of change, and whether it replaces", async () => {
    const document = (image: string, list: unknown[], fields: Properties = {}) => ({ job: { image, list, ...fields } });
    const olds = { name: "p", type: "process", concurrencyLimit: 1, baseJobTemplate: document("a", [1, { x: 1 }]) };
    const news = {
      name: "p",
      type: "docker",
      description: "new",
      baseJobTemplate: document("b", [1, { x: 2 }, 3], { "odd.key": 1 }),
    };
    const request = new messages.DiffRequest().setUrn(urn).setType(type).setId("p");
    request.setOlds(struct(olds)).setOldInputs(struct(olds)).setNews(struct(news));
    const response = await unary<DiffResponse>((done) => client().diff(request, done));
    const { Kind } = messages.PropertyDiff;
    expect(details(response)).toEqual({
      type: Kind.UPDATE_REPLACE,
      description: Kind.ADD,
      concurrencyLimit: Kind.DELETE,
      "baseJobTemplate.job.image": Kind.UPDATE,
      "baseJobTemplate.job.list[1].x": Kind.UPDATE,
      "baseJobTemplate.job.list[2]": Kind.ADD,
      'baseJobTemplate.job["odd.key"]': Kind.ADD,
    });
    expect(response.getDiffsList().toSorted()).toEqual(["baseJobTemplate", "concurrencyLimit", "description", "type"]);
    expect(response.getReplacesList()).toEqual(["type"]);
    expect(response.getDeletebeforereplace()).toBe(true);
    expect(response.getStablesList()).toEqual([]);
    for (const [, leaf] of response.getDetaileddiffMap().entries()) expect(leaf.getInputdiff()).toBe(true);
  });

  it("reports the id and all computed outputs as stable in an update", async () => {
    const request = new messages.DiffRequest().setUrn(urn).setType(type).setId("p");
    request
      .setOlds(struct({ name: "p", type: "process" }))
      .setNews(struct({ name: "p", type: "process", isPaused: true }));
    const response = await unary<DiffResponse>((done) => client().diff(request, done));
    expect(response.getStablesList()).toEqual(["id", "workPoolId", "defaultQueueId", "created"]);
    expect(details(response)).toEqual({ isPaused: messages.PropertyDiff.Kind.ADD });
  });

  it("shows no change for a resource that comes from the dynamic provider", async () => {
    const olds = { name: "p", type: "process", __provider: "exports.handler=..." };
    const request = new messages.DiffRequest().setUrn(urn).setType(type).setId("p");
    request
      .setOlds(struct(olds))
      .setOldInputs(struct(olds))
      .setNews(struct({ name: "p", type: "process" }));
    const response = await unary<DiffResponse>((done) => client().diff(request, done));
    expect(response.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("previews a create and an update with known values, and sends no request", async () => {
    const before = env.network.requests.length;
    const news = { name: unknown, type: "process", baseJobTemplate: { a: [unknown] } };
    const create = new messages.CreateRequest().setUrn(urn).setType(type).setPreview(true).setProperties(struct(news));
    const created = await unary<InstanceType<typeof messages.CreateResponse>>((done) => client().create(create, done));
    expect(js(created.getProperties())).toEqual({ type: "process", baseJobTemplate: { a: [unknown] } });
    expect(created.getId()).toBe("");
    const olds = { name: "p", type: "process", workPoolId: "u-1", created: "then" };
    const update = new messages.UpdateRequest().setUrn(urn).setType(type).setId("p").setPreview(true);
    update.setOlds(struct(olds)).setNews(struct({ name: "p", type: "process", concurrencyLimit: 2 }));
    const updated = await unary<InstanceType<typeof messages.UpdateResponse>>((done) => client().update(update, done));
    expect(js(updated.getProperties())).toEqual({ ...olds, concurrencyLimit: 2 });
    expect(env.network.requests.length).toBe(before);
  });

  it("calls functions, and returns nothing while an argument is unknown", async () => {
    await env.api("POST", "/work_pools/", { name: "existing", type: "process", concurrency_limit: 3 });
    const invoke = (token: string, args: Properties) =>
      unary<InstanceType<typeof messages.InvokeResponse>>((done) => {
        client().invoke(new messages.InvokeRequest().setTok(token).setArgs(struct(args)), done);
      });
    const pool = js((await invoke("prefect:index:getWorkPool", { name: "existing" })).getReturn());
    expect(pool).toMatchObject({ name: "existing", type: "process", concurrencyLimit: 3 });
    const template = js((await invoke("prefect:index:getDefaultJobTemplate", { type: "process" })).getReturn());
    expect(template).toHaveProperty("template.job_configuration.command", "{{ command }}");
    const nothing = await invoke("prefect:index:getWorkPool", { name: unknown });
    expect(js(nothing.getReturn())).toEqual({});
    await expect(invoke("prefect:index:getWorkPool", { name: "nobody" })).rejects.toThrow(/nobody/);
  });

  describe("configuration", () => {
    const checkConfig = async (news: Properties) => {
      const request = new messages.CheckRequest().setUrn("urn:pulumi:dev::test::pulumi:providers:prefect::default");
      const response = await unary<CheckResponse>((done) => client().checkConfig(request.setNews(struct(news)), done));
      return { inputs: js(response.getInputs()), failures: response.getFailuresList().map((one) => one.toObject()) };
    };

    it("keeps what the program configured, marks credentials as secret, and stores nothing from the environment", async () => {
      const { inputs, failures } = await checkConfig({
        apiUrl: "http://127.0.0.1:4200/api",
        authString: "a:b",
        customHeaders: '{"x":"y"}',
        version: "0.1.0",
        __internal: {},
      });
      expect(failures).toEqual([]);
      expect(inputs).toEqual({
        apiUrl: "http://127.0.0.1:4200/api",
        authString: secret("a:b"),
        customHeaders: secret('{"x":"y"}'),
        version: "0.1.0",
      });
    });

    it("marks a URL with a password as secret", async () => {
      const { inputs } = await checkConfig({ apiUrl: "http://user:pass@127.0.0.1:4200/api" });
      expect(inputs.apiUrl).toEqual(secret("http://user:pass@127.0.0.1:4200/api"));
    });

    it("reports problems without values, and for no property", async () => {
      const { failures } = await checkConfig({
        maxConcurrentRequests: PLANTED,
        customHeaders: `{"${PLANTED}`,
        adopt: PLANTED,
        apiKey: [PLANTED],
      });
      expect(failures.map(({ property }) => property)).toEqual(["", "", "", ""]);
      expect(JSON.stringify(failures)).not.toContain(PLANTED);
    });

    it("accepts unknown values", async () => {
      expect(await checkConfig({ apiUrl: unknown })).toEqual({ inputs: { apiUrl: unknown }, failures: [] });
    });

    it.each([
      ["the same", { apiUrl: "http://a/api" }, { apiUrl: "http://a/api", version: "0.2.0" }, false],
      ["names with the namespace", { "prefect:apiUrl": "http://a/api" }, { apiUrl: "http://a/api" }, false],
      ["text and number", { maxConcurrentRequests: "4" }, { maxConcurrentRequests: 4 }, false],
      ["no old values", {}, { apiUrl: "http://a/api" }, true],
      ["another URL", { apiUrl: "http://a/api" }, { apiUrl: "http://b/api" }, true],
      ["an older shape", { apiUrl: { url: ["http://a/api"] }, gone: true }, { apiUrl: "http://a/api" }, true],
    ])("compares %s, and never asks for a replacement", async (_name, olds, news, differs) => {
      const request = new messages.DiffRequest().setOlds(struct(olds)).setOldInputs(struct(olds)).setNews(struct(news));
      const response = await unary<DiffResponse>((done) => client().diffConfig(request, done));
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      expect(response.getChanges()).toBe(differs ? DIFF_SOME : DIFF_NONE);
      expect(response.getReplacesList()).toEqual([]);
      expect([...response.getDetaileddiffMap().entries()]).toEqual([]);
    });

    it("is refused without its values when it is invalid", async () => {
      const refused = env.provider.configure({ apiUrl: env.network.url, requestTimeoutSeconds: PLANTED });
      const error = await refused.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CallError);
      expect(String(error)).toContain("requestTimeoutSeconds");
      expect(String(error)).not.toContain(PLANTED);
    });
  });

  it("sends warnings to Pulumi's engine with their resource, before the response", async () => {
    const before = engineLog.messages.length;
    await env.provider.check("WorkPool", "typo", {}, { name: "typo", type: "proces" });
    expect(engineLog.messages.slice(before)).toEqual([
      {
        urn: "urn:pulumi:dev::test::prefect:index:WorkPool::typo",
        severity: 2,
        message: expect.stringContaining('did you mean "process"?') as string,
      },
    ]);
  });

  it("ends running operations when it is cancelled, keeps what was created, and works again once configured", async () => {
    env.network.faultFor = ({ method }) => (method === "POST" ? "hang" : "pass");
    const creating = env.provider.create("WorkPool", "interrupted", { name: "interrupted", type: "process" });
    const outcome = creating.catch((error: unknown) => error);
    await vi.waitFor(async () => {
      const live: Properties = await env.api("GET", "/work_pools/interrupted");
      expect(live.name).toBe("interrupted");
    });
    await env.provider.cancel();
    const error = await outcome;
    env.network.faultFor = () => "pass";
    expect(error).toMatchObject({ initFailed: { id: "interrupted", outputs: { name: "interrupted" } } });
    await env.provider.configure({ apiUrl: env.network.url });
    const created = await env.provider.create("WorkPool", "afterwards", { name: "afterwards", type: "process" });
    expect(created.id).toBe("afterwards");
  });

  it("writes nothing but its port", () => {
    expect(env.provider.output).toEqual([]);
  });
});

const requests: Record<string, () => unknown> = {
  Parameterize: () => new messages.ParameterizeRequest(),
  Call: () => new messages.CallRequest(),
  Construct: () => new messages.ConstructRequest(),
  GetMapping: () => new messages.GetMappingRequest(),
  GetMappings: () => new messages.GetMappingsRequest(),
  List: () => new messages.ListRequest(),
};

function details(response: DiffResponse): Record<string, number> {
  return Object.fromEntries([...response.getDetaileddiffMap().entries()].map(([path, leaf]) => [path, leaf.getKind()]));
}
