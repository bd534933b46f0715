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
import { type ResourceAdapter, resourceAdapter, type Warn } from "../resource-adapter.ts";
import { checkConfig, configuredSettings, diffConfig } from "./configuration.ts";
import type { EngineLog } from "./engine-log.ts";
import { invoke } from "./invoke.ts";
import * as lifecycle from "./lifecycle.ts";
import { type OpenEngine, openSession, type Session } from "./session.ts";
import { toStatus } from "./status.ts";

/** The methods of Pulumi's service that need contracts or an engine. They throw a status (status.ts), or any error. */
export interface Operations {
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

/** What requests about one resource have in common. */
interface ResourceRequest {
  getUrn(): string;
  getType(): string;
}

export function createOperations({ openEngine, log }: { openEngine: OpenEngine; log: EngineLog }): Operations {
  let session: Session = openSession({}, openEngine);

  function onResource<Request extends ResourceRequest, Response>(
    operation: (request: Request, call: lifecycle.Call) => Promise<Response>,
  ): (request: Request) => Promise<Response> {
    return async (request) => {
      let adapter: ResourceAdapter | undefined;
      const told = warnings(log, request.getUrn());
      try {
        return await session.run((engine, signal) => {
          const kind = lifecycle.kindOf(request.getType(), request.getUrn());
          adapter = resourceAdapter(kind, engine);
          return operation(request, { adapter, kind, signal, warn: told.warn });
        });
      } catch (error) {
        throw toStatus(error, adapter?.outputs);
      } finally {
        await told.done();
      }
    };
  }

  return {
    checkConfig: async (request) => checkConfig(request),
    diffConfig: async (request) => diffConfig(request),
    async configure(request) {
      const settings = configuredSettings(request);
      // A new session even if the last one was cancelled: a process attached to a debugger gets a cancellation at the end of
      // each operation, and must serve the next.
      session.retire();
      session = openSession(settings, openEngine);
      const response = new messages.ConfigureResponse();
      response.setAcceptsecrets(false);
      response.setAcceptresources(true);
      response.setAcceptoutputs(false);
      response.setSupportspreview(true);
      return response;
    },
    check: onResource(lifecycle.check),
    diff: onResource(lifecycle.diff),
    create: onResource(lifecycle.create),
    read: onResource(lifecycle.read),
    update: onResource(lifecycle.update),
    delete: onResource(async (request: DeleteRequest, call) => {
      await lifecycle.remove(request, call);
      return new empties.Empty();
    }),
    async invoke(request) {
      const told = warnings(log, "");
      try {
        return await session.run((engine, signal) => invoke(request, { engine, signal, warn: told.warn }));
      } finally {
        await told.done();
      }
    },
    cancel: () => session.cancel(),
  };
}

/** What an operation warns of is told before its answer: afterwards Pulumi's engine may be gone. */
function warnings(log: EngineLog, urn: string): { warn: Warn; done: () => Promise<unknown> } {
  const sent: Promise<void>[] = [];
  return { warn: (message) => void sent.push(log.warn(urn, message)), done: () => Promise.all(sent) };
}
