import grpc from "@grpc/grpc-js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.d.ts";
import rpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

/** Tells the user something through Pulumi's engine, beside the resource it is about. stdout belongs to the port line, and
 *  stderr is shown only when the plugin dies. */
export interface EngineLog {
  /** Where the engine listens (`host:port`); told by Handshake or Attach. */
  connect(address: string): void;
  /** Never fails: a warning that cannot be told must not fail what it is about. */
  warn(urn: string, message: string): Promise<void>;
}

/** Longest wait for the engine to take a message, in ms. */
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
