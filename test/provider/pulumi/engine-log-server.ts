import grpc from "@grpc/grpc-js";
import rpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.d.ts";
import empties from "google-protobuf/google/protobuf/empty_pb.js";

/** The part of Pulumi's engine that receives a plugin's log messages. */
export interface EngineLogServer {
  readonly address: string;
  readonly messages: { urn: string; message: string; severity: number }[];
  stop(): void;
}

export async function startEngineLogServer(): Promise<EngineLogServer> {
  const messages: EngineLogServer["messages"] = [];
  const server = new grpc.Server();
  const log: grpc.handleUnaryCall<LogRequest, unknown> = ({ request }, callback) => {
    messages.push({ urn: request.getUrn(), message: request.getMessage(), severity: request.getSeverity() });
    callback(null, new empties.Empty());
  };
  server.addService(rpc.EngineService, { log });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, messages, stop: () => server.forceShutdown() };
}
