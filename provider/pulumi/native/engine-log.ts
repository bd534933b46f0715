import grpc from "@grpc/grpc-js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.d.ts";
import rpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

/** Shows warnings to the user through Pulumi's engine, with the resource they are about. stdout is for the port line only, and stderr
 *  is shown only when the plugin crashes. */
export interface EngineLog {
  /** `host:port` of the engine, from Handshake or Attach. */
  connect(address: string): void;
  /** Never fails: a warning that cannot be sent must not fail its operation. */
  warn(urn: string, message: string): Promise<void>;
}

/** Longest wait for the engine to accept a message, in ms. */
const DEADLINE_MS = 5_000;

export function engineLog(): EngineLog {
  let client: EngineClient | undefined;
  let connectedTo = "";
  return {
    connect(address) {
      if (address === "" || address === connectedTo) return;
      client?.close();
      client = new rpc.EngineClient(address, grpc.credentials.createInsecure());
      connectedTo = address;
    },
    async warn(urn, message) {
      const engine = client;
      if (engine === undefined) return;
      const request = new messages.LogRequest();
      request.setSeverity(messages.LogSeverity.WARNING).setUrn(urn).setMessage(message);
      const deadline = Date.now() + DEADLINE_MS;
      await new Promise<void>((resolve) => {
        engine.log(request, new grpc.Metadata(), { deadline }, () => resolve());
      });
    },
  };
}
