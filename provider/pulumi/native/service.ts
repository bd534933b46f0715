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
import type { ProviderMethods } from "./provider-methods.ts";
import { isStatus, toStatus, unimplemented } from "./status.ts";

export interface ServiceOptions {
  /** The methods that need contracts and an engine. Loaded with the handshake or the first call. */
  methods: () => Promise<ProviderMethods>;
  log: EngineLog;
  version: string;
  /** The package's schema as JSON text. */
  schema: () => Promise<string>;
}

/** Pulumi's provider service (proto/pulumi/provider.proto). Other methods of the protocol get UNIMPLEMENTED. */
export function providerService({ methods, log, version, schema }: ServiceOptions): UntypedServiceImplementation {
  let loading: Promise<ProviderMethods> | undefined;
  const load = (): Promise<ProviderMethods> => {
    loading ??= methods();
    return loading;
  };

  const lazy = <Request, Response>(
    methodOf: (loaded: ProviderMethods) => (request: Request) => Promise<Response>,
  ): UntypedHandleCall => unary<Request, Response>(async (request) => methodOf(await load())(request));

  const implemented: UntypedServiceImplementation = {
    handshake: unary<ProviderHandshakeRequest, unknown>(async (request) => {
      log.connect(request.getEngineAddress());
      // The next call needs them: load them while the response is sent.
      setImmediate(() => void load().catch(() => undefined));
      const response = new messages.ProviderHandshakeResponse();
      // So that Pulumi's engine tracks secrets itself, leaf by leaf. Otherwise a leaf that is not wrapped again would be stored in plain
      // text.
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
    checkConfig: lazy((loaded) => loaded.checkConfig),
    diffConfig: lazy((loaded) => loaded.diffConfig),
    configure: lazy((loaded) => loaded.configure),
    check: lazy((loaded) => loaded.check),
    diff: lazy((loaded) => loaded.diff),
    create: lazy((loaded) => loaded.create),
    read: lazy((loaded) => loaded.read),
    update: lazy((loaded) => loaded.update),
    delete: lazy((loaded) => loaded.delete),
    invoke: lazy((loaded) => loaded.invoke),
  };

  const service: UntypedServiceImplementation = {};
  for (const [method, definition] of Object.entries(rpc.ResourceProviderService)) {
    service[method] = implemented[method] ?? refuse(method, definition.responseStream);
  }
  return service;
}

function unary<Request, Response>(respond: (request: Request) => Promise<Response>): UntypedHandleCall {
  const handle: handleUnaryCall<Request, Response> = (call, callback) => {
    respond(call.request).then(
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
