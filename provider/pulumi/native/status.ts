import grpc, { type ServiceError } from "@grpc/grpc-js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import anys from "google-protobuf/google/protobuf/any_pb.js";
import { EngineError, PartialCreateError } from "../../engine/types.ts";
import type { PropertyMap } from "../codec.ts";
import { errorMessage } from "../error-message.ts";
import { toStruct } from "./struct.ts";

export type ErrorStatus = Pick<ServiceError, "code" | "details" | "metadata">;

export function unimplemented(method: string): ErrorStatus {
  return errorStatus(grpc.status.UNIMPLEMENTED, `prefect-iac does not implement ${method}`);
}

/** The status of a failed operation. `encodeState` encodes the state of an object that exists although its operation failed: with it,
 *  Pulumi's engine keeps the resource. */
export function toStatus(
  error: unknown,
  encodeState?: (state: PartialCreateError["state"]) => PropertyMap,
): ErrorStatus {
  const text = errorMessage(error);
  const cancelled = !(error instanceof EngineError) && error instanceof Error && error.name === "AbortError";
  const result = errorStatus(cancelled ? grpc.status.CANCELLED : grpc.status.UNKNOWN, text);
  if (error instanceof PartialCreateError && encodeState !== undefined) {
    const detail = new messages.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(toStruct(encodeState(error.state)));
    // The engine shows the reasons and drops the message.
    detail.setReasonsList([text]);
    const packed = new anys.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new statuses.Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(text);
    status.addDetails(packed);
    result.metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return result;
}

/** Whether a thrown value is a status already. */
export function isStatus(thrown: unknown): thrown is ErrorStatus {
  return typeof thrown === "object" && thrown !== null && !(thrown instanceof Error) && "details" in thrown;
}

function errorStatus(code: grpc.status, details: string): ErrorStatus {
  return { code, details, metadata: new grpc.Metadata() };
}
