import type { Socket } from "node:net";
import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import manifest from "../../../package.json" with { type: "json" };
import { engineLog } from "./engine-log.ts";
import { providerService } from "./service.ts";

/** Message limit of Pulumi's own SDKs. */
const MAX_BYTES = 400 * 1024 * 1024;

/** Serves Pulumi's provider protocol on connections that the caller accepts. Returns the function that takes them. `engineAddress`:
 *  `host:port` of Pulumi's engine, if it is known from the start. */
export function serve(engineAddress: string | undefined): (socket: Socket) => void {
  const log = engineLog();
  log.connect(engineAddress ?? "");
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MAX_BYTES,
    "grpc.max_send_message_length": MAX_BYTES,
  });
  const service = providerService({
    log,
    version: manifest.version,
    async schema() {
      const { default: schema } = await import("../../../schema/pulumi.json", { with: { type: "json" } });
      return JSON.stringify(schema);
    },
    async methods() {
      const { createProviderMethods } = await import("./provider-methods.ts");
      return createProviderMethods({
        log,
        async openEngine(settings) {
          const [{ createEngine }, { resources }, { processEnvironment }] = await Promise.all([
            import("../../engine/create-engine.ts"),
            import("../../resources/index.ts"),
            import("../../client/index.ts"),
          ]);
          return createEngine({
            settings,
            resources,
            environment: processEnvironment(),
            warn: (message) => void log.warn("", message),
          });
        },
      });
    },
  });
  server.addService(rpc.ResourceProviderService, service);
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  return (socket) => {
    injector.injectConnection(socket);
    // The socket was accepted paused. HTTP/2 takes its handle over, but does not resume it.
    socket.resume();
  };
}
