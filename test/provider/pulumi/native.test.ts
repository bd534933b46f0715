import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { encode, secret } from "../../../provider/pulumi/wire.ts";
import { UNKNOWN } from "../../../schema/json.ts";
import { bundleProviders } from "../../../tools/bundle.ts";
import { CallFailure, js, type Properties, unary } from "./door.ts";
import { type EngineEar, startEngineEar } from "./engine-ear.ts";
import { PLANTED } from "./scenarios.ts";
import { type Stage, startStage } from "./stage.ts";

type CheckResponse = InstanceType<typeof messages.CheckResponse>;
type DiffResponse = InstanceType<typeof messages.DiffResponse>;

const unknown = encode(UNKNOWN) as string;
const urn = "urn:pulumi:dev::test::my:index:Component$prefect:index:WorkPool::the::name";
const type = "prefect:index:WorkPool";
const struct = (properties: Properties) => structs.Struct.fromJavaScript(properties as never);

describe("the native plugin", () => {
  let folder: string;
  let stage: Stage;
  let ear: EngineEar;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "prefect-iac-native-"));
    ear = await startEngineEar();
    await bundleProviders(folder);
    stage = await startStage("native", folder, join(folder, "project"), {
      engineAddress: ear.address,
      environment: { PREFECT_API_KEY: `env-${PLANTED}` },
    });
    await stage.door.configure({ apiUrl: stage.network.url });
  }, 60_000);

  afterAll(async () => {
    await stage?.stop();
    ear?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const client = () => stage.door.client;

  it("says in the handshake that it leaves secrets to Pulumi's engine, and takes references to resources", async () => {
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

  it("answers the committed schema and the package's version", async () => {
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

  it("answers every method of the protocol that it does not have with UNIMPLEMENTED, streams too", async () => {
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

  it("gives a resource the last part of its URN as a name, `::` and all", async () => {
    const request = new messages.CheckRequest().setUrn(urn).setNews(struct({ type: "process" }));
    const response = await unary<CheckResponse>((done) => client().check(request, done));
    expect(js(response.getInputs())).toEqual({ name: "the::name", type: "process" });
  });

  it("bears requests without any properties", async () => {
    const check = await unary<CheckResponse>((done) =>
      client().check(new messages.CheckRequest().setUrn(urn).setType(type), done),
    );
    expect(check.getFailuresList().map((failure) => failure.getReason())).toEqual(["type: is required [required]"]);
    const read = new messages.ReadRequest().setUrn(urn).setType(type).setId("nobody");
    const seen = await unary<InstanceType<typeof messages.ReadResponse>>((done) => client().read(read, done));
    expect(seen.toObject()).toMatchObject({ id: "", properties: undefined, inputs: undefined });
    const configured = await unary<InstanceType<typeof messages.CheckResponse>>((done) =>
      client().checkConfig(new messages.CheckRequest(), done),
    );
    expect(js(configured.getInputs())).toEqual({});
  });

  it("names the leaves that differ, how, and whether each replaces", async () => {
    const document = (image: string, list: unknown[], more: Properties = {}) => ({ job: { image, list, ...more } });
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

  it("names what stays in an update: the id and all outputs", async () => {
    const request = new messages.DiffRequest().setUrn(urn).setType(type).setId("p");
    request
      .setOlds(struct({ name: "p", type: "process" }))
      .setNews(struct({ name: "p", type: "process", isPaused: true }));
    const response = await unary<DiffResponse>((done) => client().diff(request, done));
    expect(response.getStablesList()).toEqual(["id", "workPoolId", "defaultQueueId", "created"]);
    expect(details(response)).toEqual({ isPaused: messages.PropertyDiff.Kind.ADD });
  });

  it("takes a resource that comes from the dynamic door as it is", async () => {
    const olds = { name: "p", type: "process", __provider: "exports.handler=..." };
    const request = new messages.DiffRequest().setUrn(urn).setType(type).setId("p");
    request
      .setOlds(struct(olds))
      .setOldInputs(struct(olds))
      .setNews(struct({ name: "p", type: "process" }));
    const response = await unary<DiffResponse>((done) => client().diff(request, done));
    expect(response.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("previews a create and an update with what is known, leaves out what is not, and sends nothing", async () => {
    const before = stage.network.requests.length;
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
    expect(stage.network.requests.length).toBe(before);
  });

  it("answers functions, and nothing while an argument is unknown", async () => {
    await stage.api("POST", "/work_pools/", { name: "asked", type: "process", concurrency_limit: 3 });
    const invoke = (token: string, args: Properties) =>
      unary<InstanceType<typeof messages.InvokeResponse>>((done) => {
        client().invoke(new messages.InvokeRequest().setTok(token).setArgs(struct(args)), done);
      });
    const pool = js((await invoke("prefect:index:getWorkPool", { name: "asked" })).getReturn());
    expect(pool).toMatchObject({ name: "asked", type: "process", concurrencyLimit: 3 });
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

    it("keeps what the program said, marks credentials as secret, and keeps nothing of the environment", async () => {
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

    it("keeps a URL that carries a password as a secret", async () => {
      const { inputs } = await checkConfig({ apiUrl: "http://user:pass@127.0.0.1:4200/api" });
      expect(inputs.apiUrl).toEqual(secret("http://user:pass@127.0.0.1:4200/api"));
    });

    it("says what is wrong without the value, and on no property", async () => {
      const { failures } = await checkConfig({
        maxConcurrentRequests: PLANTED,
        customHeaders: `{"${PLANTED}`,
        adopt: PLANTED,
        apiKey: [PLANTED],
      });
      expect(failures.map(({ property }) => property)).toEqual(["", "", "", ""]);
      expect(JSON.stringify(failures)).not.toContain(PLANTED);
    });

    it("waits for what is unknown", async () => {
      expect(await checkConfig({ apiUrl: unknown })).toEqual({ inputs: { apiUrl: unknown }, failures: [] });
    });

    it.each([
      ["the same", { apiUrl: "http://a/api" }, { apiUrl: "http://a/api", version: "0.2.0" }, false],
      ["the other door's names", { "prefect:apiUrl": "http://a/api" }, { apiUrl: "http://a/api" }, false],
      ["text and number", { maxConcurrentRequests: "4" }, { maxConcurrentRequests: 4 }, false],
      ["nothing known before", {}, { apiUrl: "http://a/api" }, true],
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

    it("is refused without its values when it cannot be read", async () => {
      const refused = stage.door.configure({ apiUrl: stage.network.url, requestTimeoutSeconds: PLANTED });
      const error = await refused.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CallFailure);
      expect(String(error)).toContain("requestTimeoutSeconds");
      expect(String(error)).not.toContain(PLANTED);
    });
  });

  it("tells warnings to Pulumi's engine beside their resource, before it answers", async () => {
    const before = ear.heard.length;
    await stage.door.check("WorkPool", "typo", {}, { name: "typo", type: "proces" });
    expect(ear.heard.slice(before)).toEqual([
      {
        urn: "urn:pulumi:dev::test::prefect:index:WorkPool::typo",
        severity: 2,
        message: expect.stringContaining('did you mean "process"?') as string,
      },
    ]);
  });

  it("ends what is running when it is cancelled, keeps what was made, and serves again once configured", async () => {
    stage.network.faultFor = ({ method }) => (method === "POST" ? "hang" : "pass");
    const creating = stage.door.create("WorkPool", "interrupted", { name: "interrupted", type: "process" });
    const outcome = creating.catch((error: unknown) => error);
    await vi.waitFor(async () => {
      const live: Properties = await stage.api("GET", "/work_pools/interrupted");
      expect(live.name).toBe("interrupted");
    });
    await stage.door.cancel();
    const ended = await outcome;
    stage.network.faultFor = () => "pass";
    expect(ended).toMatchObject({ halfMade: { id: "interrupted", outputs: { name: "interrupted" } } });
    await stage.door.configure({ apiUrl: stage.network.url });
    const made = await stage.door.create("WorkPool", "afterwards", { name: "afterwards", type: "process" });
    expect(made.id).toBe("afterwards");
  });

  it("has written nothing but its port", () => {
    expect(stage.door.written).toEqual([]);
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
