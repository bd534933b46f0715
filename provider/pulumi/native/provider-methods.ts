import type {
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  ConfigureResponse,
  CreateRequest,
  CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  InvokeRequest,
  InvokeResponse,
  ReadRequest,
  ReadResponse,
  UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.d.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.d.ts";
import empties from "google-protobuf/google/protobuf/empty_pb.js";
import { hasUnknown, type JsonObject } from "../../../schema/json.ts";
import { decodeProperties, encodeProperties } from "../codec.ts";
import { type ResourceAdapter, resourceAdapter, type Warn } from "../resource-adapter.ts";
import { checkConfig, configuredSettings, diffConfig } from "./configuration.ts";
import type { EngineLog } from "./engine-log.ts";
import * as resourceMethods from "./resource-methods.ts";
import { type OpenEngine, openSession, type Session } from "./session.ts";
import { toStatus } from "./status.ts";
import { fromStruct, toStruct } from "./struct.ts";

/** The methods of Pulumi's provider service that need contracts or an engine. They throw a status (status.ts), or any error. */
export interface ProviderMethods {
  checkConfig(request: CheckRequest): Promise<CheckResponse>;
  diffConfig(request: DiffRequest): Promise<DiffResponse>;
  configure(request: ConfigureRequest): Promise<ConfigureResponse>;
  check(request: CheckRequest): Promise<CheckResponse>;
  diff(request: DiffRequest): Promise<DiffResponse>;
  create(request: CreateRequest): Promise<CreateResponse>;
  read(request: ReadRequest): Promise<ReadResponse>;
  update(request: UpdateRequest): Promise<UpdateResponse>;
  delete(request: DeleteRequest): Promise<Empty>;
  invoke(request: InvokeRequest): Promise<InvokeResponse>;
  cancel(): void;
}

/** Part of every request about one resource. */
interface ResourceRequest {
  getUrn(): string;
  getType(): string;
}

export function createProviderMethods({
  openEngine,
  log,
}: {
  openEngine: OpenEngine;
  log: EngineLog;
}): ProviderMethods {
  let session: Session = openSession({}, openEngine);

  function onResource<Request extends ResourceRequest, Response>(
    operation: (request: Request, call: resourceMethods.Call) => Promise<Response>,
  ): (request: Request) => Promise<Response> {
    return async (request) => {
      let adapter: ResourceAdapter | undefined;
      const warnings = sendWarnings(log, request.getUrn());
      try {
        return await session.run((engine, signal) => {
          const kind = resourceMethods.kindOf(request.getType(), request.getUrn());
          adapter = resourceAdapter(kind, engine);
          return operation(request, { adapter, kind, signal, warn: warnings.warn });
        });
      } catch (error) {
        throw toStatus(error, adapter?.outputs);
      } finally {
        await warnings.done();
      }
    };
  }

  return {
    checkConfig: async (request) => checkConfig(request),
    diffConfig: async (request) => diffConfig(request),
    async configure(request) {
      const settings = configuredSettings(request);
      // A new session, also after a cancellation: a process attached to a debugger is cancelled at the end of each operation, and must
      // serve the next one.
      session.retire();
      session = openSession(settings, openEngine);
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(false);
      response.setAcceptresources(true);
      response.setAcceptoutputs(false);
      response.setSupportspreview(true);
      return response;
    },
    check: onResource(resourceMethods.check),
    diff: onResource(resourceMethods.diff),
    create: onResource(resourceMethods.create),
    read: onResource(resourceMethods.read),
    update: onResource(resourceMethods.update),
    delete: onResource(async (request: DeleteRequest, call) => {
      await resourceMethods.remove(request, call);
      return new empties.Empty();
    }),
    async invoke(request) {
      const warnings = sendWarnings(log, "");
      try {
        return await session.run(async (engine, signal) => {
          const response = new messages.InvokeResponse();
          const args = decodeProperties(fromStruct(request.getArgs()));
          // Pulumi's engine refuses unknown values in a result, and treats missing ones as unknown.
          if (hasUnknown(args)) return response.setReturn(toStruct({}));
          const name = resourceMethods.kindOf(request.getTok(), "");
          const result = await engine.call({ name, args: args as JsonObject, signal, warn: warnings.warn });
          return response.setReturn(toStruct(encodeProperties(result)));
        });
      } finally {
        await warnings.done();
      }
    },
    cancel: () => session.cancel(),
  };
}

/** Warnings of an operation are sent before its response: afterwards Pulumi's engine may have ended. */
function sendWarnings(log: EngineLog, urn: string): { warn: Warn; done: () => Promise<unknown> } {
  const sent: Promise<void>[] = [];
  return { warn: (message) => void sent.push(log.warn(urn, message)), done: () => Promise.all(sent) };
}
