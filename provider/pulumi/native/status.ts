import grpc, { type ServiceError } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import anys from "google-protobuf/google/protobuf/any_pb.js";
import { EngineError, PartialCreateError } from "../../engine/types.ts";
import { failureText } from "../failure.ts";
import type { WireObject } from "../wire.ts";
import { toStruct } from "./struct.ts";

export type Failure = Pick<ServiceError, "code" | "details" | "metadata">;

export function unimplemented(method: string): Failure {
  return failure(grpc.status.UNIMPLEMENTED, `prefect-iac does not implement ${method}`);
}

/** The answer to a failed operation. `outputs` gives the wire form of the state of an object that exists although its
 *  operation failed: with it, the engine keeps the resource. */
export function toStatus(error: unknown, outputs?: (state: PartialCreateError["state"]) => WireObject): Failure {
  const text = failureText(error);
  const cancelled = !(error instanceof EngineError) && error instanceof Error && error.name === "AbortError";
  const answer = failure(cancelled ? grpc.status.CANCELLED : grpc.status.UNKNOWN, text);
  if (error instanceof PartialCreateError && outputs !== undefined) {
    const detail = new messages.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(toStruct(outputs(error.state)));
    // The engine shows the reasons and drops the error's own message.
    detail.setReasonsList([text]);
    const packed = new anys.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statuses.Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(text);
    status.addDetails(packed);
    answer.metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return answer;
}

/** Whether something thrown is an answer already. */
export function isStatus(thrown: unknown): thrown is Failure {
  return typeof thrown === "object" && thrown !== null && !(thrown instanceof Error) && "details" in thrown;
}

function failure(code: grpc.status, details: string): Failure {
  return { code, details, metadata: new grpc.Metadata() };
}
