import type { InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.d.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { hasUnknown, type JsonObject } from "../../../schema/json.ts";
import type { Engine } from "../../engine/types.ts";
import type { Warn } from "../resource-adapter.ts";
import { decodeObject, encodeObject } from "../wire.ts";
import { kindOf } from "./lifecycle.ts";
import { fromStruct, toStruct } from "./struct.ts";

/** Answers a function of the schema. With arguments that are not known yet there is no answer, and so no output: the engine
 *  refuses an unknown here, and takes what is missing for unknown. */
export async function invoke(
  request: InvokeRequest,
  { engine, signal, warn }: { engine: Engine; signal: AbortSignal; warn: Warn },
): Promise<InvokeResponse> {
  const response = new messages.InvokeResponse();
  const args = decodeObject(fromStruct(request.getArgs()));
  if (hasUnknown(args)) return response.setReturn(toStruct({}));
  const result = await engine.call({ name: kindOf(request.getTok(), ""), args: args as JsonObject, signal, warn });
  return response.setReturn(toStruct(encodeObject(result)));
}
