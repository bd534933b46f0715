import type {
  handleServerStreamingCall,
  handleUnaryCall,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.d.ts";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { ProviderHandshakeRequest } from "@pulumi/pulumi/proto/provider_pb.d.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import type { EngineLog } from "./engine-log.ts";
import type { Operations } from "./operations.ts";
import { isStatus, toStatus, unimplemented } from "./status.ts";

export interface ServiceOptions {
  /** All that needs contracts and an engine; loaded with the first call, or with the handshake, whatever is first. */
  operations: () => Promise<Operations>;
  log: EngineLog;
  version: string;
  /** The package's schema as JSON text. */
  schema: () => Promise<string>;
}

/** Pulumi's provider service (proto/pulumi/provider.proto). Methods it does not have are answered with UNIMPLEMENTED, also
 *  those that a newer protocol brings. */
export function providerService({ operations, log, version, schema }: ServiceOptions): UntypedServiceImplementation {
  let loading: Promise<Operations> | undefined;
  const load = (): Promise<Operations> => {
    loading ??= operations();
    return loading;
  };

  const implemented: UntypedServiceImplementation = {
    handshake: unary<ProviderHandshakeRequest, unknown>(async (request) => {
      log.connect(request.getEngineAddress());
      // What comes next needs them; they load while the answer travels.
      setImmediate(() => void load().catch(() => undefined));
      const response = new messages.ProviderHandshakeResponse();
      // Pulumi's engine then keeps track of what is secret, leaf by leaf; a leaf we forgot to wrap again would be stored in
      // plain text.
      response.setAcceptSecrets(false);
      response.setAcceptResources(true);
      response.setAcceptOutputs(false);
      return response;
    }),
    attach: unary<PluginAttach, unknown>(async (request) => {
      log.connect(request.getAddress());
      return new empties.Empty();
    }),
    getPluginInfo: unary(async () => new plugins.PluginInfo().setVersion(version)),
    getSchema: unary(async () => new messages.GetSchemaResponse().setSchema(await schema())),
    cancel: unary(async () => {
      if (loading !== undefined) (await loading).cancel();
      return new empties.Empty();
    }),
  };
  const operation = <Name extends Exclude<keyof Operations, "cancel">>(name: Name): UntypedHandleCall =>
    unary<Parameters<Operations[Name]>[0], unknown>(async (request) => {
      const loaded: { [Key in Name]: (request: never) => Promise<unknown> } = await load();
      return loaded[name](request as never);
    });
  for (const name of OPERATIONS) implemented[name] = operation(name);

  const service: UntypedServiceImplementation = {};
  for (const [method, definition] of Object.entries(rpc.ResourceProviderService)) {
    service[method] = implemented[method] ?? refuse(method, definition.responseStream);
  }
  return service;
}

const OPERATIONS = [
  "checkConfig",
  "diffConfig",
  "configure",
  "check",
  "diff",
  "create",
  "read",
  "update",
  "delete",
  "invoke",
] as const satisfies Exclude<keyof Operations, "cancel">[];

function unary<Request, Response>(answer: (request: Request) => Promise<Response>): UntypedHandleCall {
  const handle: handleUnaryCall<Request, Response> = (call, callback) => {
    answer(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(isStatus(error) ? error : toStatus(error), null),
    );
  };
  return handle;
}

function refuse(method: string, streams: boolean): UntypedHandleCall {
  if (streams) {
    const handle: handleServerStreamingCall<unknown, unknown> = (call) => {
      call.emit("error", unimplemented(method));
    };
    return handle;
  }
  const handle: handleUnaryCall<unknown, unknown> = (_call, callback) => callback(unimplemented(method), null);
  return handle;
}
