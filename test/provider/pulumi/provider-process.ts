import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import grpc from "@grpc/grpc-js";
import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.d.ts";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.d.ts";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { providerCode } from "../../../provider/pulumi/dynamic/provider-code.ts";

const root = join(import.meta.dirname, "../../..");

export type Properties = { [key: string]: unknown };

/** A process that serves Pulumi's provider protocol, called as Pulumi's engine does. */
export interface ProviderProcess {
  readonly name: "plugin" | "dynamic provider";
  readonly client: ResourceProviderClient;
  /** What the process wrote to stdout and stderr, besides the port. */
  readonly output: string[];
  configure(settings: Properties): Promise<void>;
  check(kind: string, name: string, olds: Properties, news: Properties): Promise<CheckResult>;
  diff(kind: string, id: string, olds: Properties, oldInputs: Properties, news: Properties): Promise<DiffResult>;
  create(kind: string, name: string, news: Properties): Promise<{ id: string; outputs: Properties }>;
  read(kind: string, id: string, olds?: Properties, inputs?: Properties): Promise<ReadResult>;
  update(kind: string, id: string, olds: Properties, oldInputs: Properties, news: Properties): Promise<Properties>;
  remove(kind: string, id: string, olds: Properties): Promise<void>;
  cancel(): Promise<void>;
  stop(): Promise<void>;
}

export interface CheckResult {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

export interface DiffResult {
  changes: "none" | "some" | "unknown";
  replaces: string[];
  deleteBeforeReplace: boolean;
}

export interface ReadResult {
  id: string;
  outputs: Properties;
  inputs: Properties | undefined;
}

/** The error of a failed call, as Pulumi's engine reads it. */
export class CallError extends Error {
  readonly code: number;
  /** The object exists although the call failed. */
  readonly initFailed: { id: string; outputs: Properties; reasons: string[] } | undefined;

  constructor(error: grpc.ServiceError) {
    super(error.details);
    this.code = error.code;
    const packed = error.metadata.get("grpc-status-details-bin")[0];
    if (packed === undefined) return;
    const detail = statuses.Status.deserializeBinary(packed as Buffer).getDetailsList()[0];
    if (detail?.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") throw new Error("an unknown detail");
    const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    const outputs = without(js(failed.getProperties()), "__provider");
    this.initFailed = { id: failed.getId(), outputs, reasons: failed.getReasonsList() };
  }
}

/** Starts the plugin. `engineAddress`: where it sends warnings. */
export async function startPlugin(
  plugin: string,
  environment: NodeJS.ProcessEnv,
  engineAddress = "",
): Promise<ProviderProcess> {
  const { child, port, output } = await start(plugin, [engineAddress], root, environment);
  const started = connect("plugin", child, port, output);
  const handshake = new messages.ProviderHandshakeRequest().setEngineAddress(engineAddress);
  await unary((done) => started.client.handshake(handshake, done));
  return started;
}

/** Starts Pulumi's dynamic provider server in a project where the package, given as its bundle, is installed. */
export async function startDynamicProvider(
  bundle: string,
  project: string,
  environment: NodeJS.ProcessEnv,
): Promise<ProviderProcess> {
  const installed = join(project, "node_modules", "prefect-iac");
  await mkdir(installed, { recursive: true });
  await writeFile(
    join(installed, "package.json"),
    JSON.stringify({ name: "prefect-iac", type: "module", exports: { "./dynamic": "./dynamic.cjs" } }),
  );
  await symlink(bundle, join(installed, "dynamic.cjs"));
  const server = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/dynamic-provider");
  const { child, port, output } = await start(server, ["127.0.0.1:1"], project, environment);
  return connect("dynamic provider", child, port, output);
}

async function start(script: string, args: string[], cwd: string, environment: NodeJS.ProcessEnv) {
  const env = { PATH: process.env.PATH, HOME: cwd, ...environment };
  const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once("line", (line) => {
      resolve(line);
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    });
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code} before its port: ${output.join("")}`)));
  });
  return { child, port, output };
}

function connect(name: ProviderProcess["name"], child: ChildProcess, port: string, output: string[]): ProviderProcess {
  const dynamic = name === "dynamic provider";
  const client = new rpc.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const type = (kind: string): string => (dynamic ? `pulumi-nodejs:dynamic/prefect:${kind}` : `prefect:index:${kind}`);
  const urn = (kind: string, resource = "it"): string => `urn:pulumi:dev::test::${type(kind)}::${resource}`;
  const code = (kind: string): Properties => (dynamic ? { __provider: providerCode(kind) } : {});
  const struct = (kind: string, properties: Properties): Struct =>
    structs.Struct.fromJavaScript({ ...properties, ...code(kind) } as never);
  const fromStruct = (properties: Struct | undefined): Properties => without(js(properties), "__provider");

  return {
    name,
    client,
    output,
    async configure(settings) {
      const entries = Object.entries(settings).map(([key, value]) => [dynamic ? `prefect:${key}` : key, value]);
      const args = structs.Struct.fromJavaScript(Object.fromEntries(entries));
      const request = new messages.ConfigureRequest().setAcceptsecrets(true).setArgs(args);
      await unary((done) => client.configure(request, done));
    },
    async check(kind, resource, olds, news) {
      const request = new messages.CheckRequest().setUrn(urn(kind, resource)).setName(resource).setType(type(kind));
      const isNew = Object.keys(olds).length === 0;
      request.setOlds(isNew ? structs.Struct.fromJavaScript({}) : struct(kind, olds)).setNews(struct(kind, news));
      const response = await unary<InstanceType<typeof messages.CheckResponse>>((done) => client.check(request, done));
      const failures = response.getFailuresList();
      return {
        inputs: fromStruct(response.getInputs()),
        failures: failures.map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
      };
    },
    async diff(kind, id, olds, oldInputs, news) {
      const request = new messages.DiffRequest().setId(id).setUrn(urn(kind)).setType(type(kind));
      request.setOlds(struct(kind, olds)).setOldInputs(struct(kind, oldInputs)).setNews(struct(kind, news));
      const response = await unary<InstanceType<typeof messages.DiffResponse>>((done) => client.diff(request, done));
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      const changes = response.getChanges();
      return {
        changes: changes === DIFF_NONE ? "none" : changes === DIFF_SOME ? "some" : "unknown",
        replaces: response.getReplacesList(),
        deleteBeforeReplace: response.getDeletebeforereplace(),
      };
    },
    async create(kind, resource, news) {
      const request = new messages.CreateRequest().setUrn(urn(kind, resource)).setType(type(kind));
      request.setProperties(struct(kind, news));
      const response = await unary<InstanceType<typeof messages.CreateResponse>>((done) =>
        client.create(request, done),
      );
      return { id: response.getId(), outputs: fromStruct(response.getProperties()) };
    },
    async read(kind, id, olds, inputs) {
      const request = new messages.ReadRequest().setId(id).setUrn(urn(kind)).setType(type(kind));
      if (olds !== undefined) request.setProperties(struct(kind, olds));
      if (inputs !== undefined || dynamic) request.setInputs(struct(kind, inputs ?? {}));
      const response = await unary<InstanceType<typeof messages.ReadResponse>>((done) => client.read(request, done));
      const found = response.getInputs();
      return {
        id: response.getId(),
        outputs: fromStruct(response.getProperties()),
        inputs: found && fromStruct(found),
      };
    },
    async update(kind, id, olds, oldInputs, news) {
      const request = new messages.UpdateRequest().setId(id).setUrn(urn(kind)).setType(type(kind));
      request.setOlds(struct(kind, olds)).setOldInputs(struct(kind, oldInputs)).setNews(struct(kind, news));
      const response = await unary<InstanceType<typeof messages.UpdateResponse>>((done) =>
        client.update(request, done),
      );
      return fromStruct(response.getProperties());
    },
    async remove(kind, id, olds) {
      const request = new messages.DeleteRequest().setId(id).setUrn(urn(kind)).setType(type(kind));
      request.setProperties(struct(kind, olds));
      await unary((done) => client.delete(request, done));
    },
    async cancel() {
      await unary((done) => client.cancel(new empties.Empty(), done));
    },
    async stop() {
      client.close();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGINT");
      await ended;
    },
  };
}

/** Throws: CallError. */
export function unary<Response>(
  call: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(new CallError(error))));
  });
}

export function js(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
}

function without(properties: Properties, dropped: string): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => key !== dropped));
}
