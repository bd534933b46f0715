import type {
  CheckRequest,
  CheckResponse,
  CreateRequest,
  CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ReadRequest,
  ReadResponse,
  UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.d.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import { contractOf } from "../../../schema/contracts/index.ts";
import { formatPath } from "../../../schema/path.ts";
import type { Decision } from "../../engine/decide.ts";
import type { CheckFailure, ResourceAdapter, Warn } from "../resource-adapter.ts";
import { fromStruct, toStruct } from "./struct.ts";

/** The methods of Pulumi's provider service on one resource. */

export interface Call {
  adapter: ResourceAdapter;
  kind: string;
  warn: Warn;
  signal: AbortSignal;
}

export async function check(request: CheckRequest, { adapter, signal, warn }: Call): Promise<CheckResponse> {
  const { inputs, failures } = await adapter.check({
    olds: fromStruct(request.getOlds()),
    news: fromStruct(request.getNews()),
    resourceName: request.getName() || nameOf(request.getUrn()),
    signal,
    warn,
  });
  return checkResponse(inputs, failures);
}

export function checkResponse(inputs: { [key: string]: unknown }, failures: CheckFailure[]): CheckResponse {
  const response = new messages.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new messages.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

export async function diff(request: DiffRequest, { adapter, kind }: Call): Promise<DiffResponse> {
  const decision = adapter.diff({ olds: fromStruct(request.getOlds()), news: fromStruct(request.getNews()) });
  return diffResponse(kind, decision);
}

function diffResponse(kind: string, decision: Decision): DiffResponse {
  const { DiffChanges } = messages.DiffResponse;
  const response = new messages.DiffResponse();
  const changed = decision.outcome !== "none";
  response.setChanges(changed ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  if (!changed) return response;
  response.setDiffsList(decision.changes.map((change) => change.field));
  response.setReplacesList(decision.changes.filter((change) => change.replaces).map((change) => change.field));
  // Also without a replacement of ours: Pulumi's engine turns an update into one if `replaceOnChanges` names the field.
  response.setDeletebeforereplace(decision.deleteBeforeReplace);
  if (decision.outcome === "update") response.setStablesList(["id", ...Object.keys(contractOf(kind).outputs)]);
  const detailed = response.getDetaileddiffMap();
  for (const change of decision.changes) {
    for (const leaf of change.leaves) detailed.set(formatPath(leaf.path), leafDiff(leaf.kind, change.replaces));
  }
  response.setHasdetaileddiff(detailed.getLength() > 0);
  return response;
}

function leafDiff(kind: "add" | "delete" | "update", replaces: boolean) {
  const { Kind } = messages.PropertyDiff;
  const kinds = {
    add: replaces ? Kind.ADD_REPLACE : Kind.ADD,
    delete: replaces ? Kind.DELETE_REPLACE : Kind.DELETE,
    update: replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE,
  };
  const leaf = new messages.PropertyDiff();
  leaf.setKind(kinds[kind]);
  // Paths refer to the inputs: so only changed leaves are shown, and secret ones show as changed, too.
  leaf.setInputdiff(true);
  return leaf;
}

export async function create(request: CreateRequest, { adapter, signal, warn }: Call): Promise<CreateResponse> {
  const response = new messages.CreateResponse();
  const news = fromStruct(request.getProperties());
  if (request.getPreview()) return response.setProperties(toStruct(adapter.preview({ news })));
  const { id, outputs } = await adapter.create({ news, signal: withTimeout(signal, request.getTimeout()), warn });
  return response.setId(id).setProperties(toStruct(outputs));
}

/** An empty response: the object does not exist. */
export async function read(request: ReadRequest, { adapter, signal, warn }: Call): Promise<ReadResponse> {
  const response = new messages.ReadResponse();
  const olds = fromStruct(request.getProperties());
  const found = await adapter.read({
    id: request.getId(),
    olds,
    signal: withTimeout(signal, request.getTimeout()),
    warn,
  });
  if (found === undefined) return response;
  return response.setId(found.id).setProperties(toStruct(found.outputs)).setInputs(toStruct(found.inputs));
}

export async function update(request: UpdateRequest, { adapter, signal, warn }: Call): Promise<UpdateResponse> {
  const response = new messages.UpdateResponse();
  const olds = fromStruct(request.getOlds());
  const news = fromStruct(request.getNews());
  if (request.getPreview()) return response.setProperties(toStruct(adapter.preview({ olds, news })));
  const outputs = await adapter.update({
    olds,
    news,
    signal: withTimeout(signal, request.getTimeout()),
    warn,
  });
  return response.setProperties(toStruct(outputs));
}

export async function remove(request: DeleteRequest, { adapter, signal, warn }: Call): Promise<void> {
  const olds = fromStruct(request.getProperties());
  await adapter.remove({ olds, signal: withTimeout(signal, request.getTimeout()), warn });
}

/** `seconds`: the resource's `customTimeouts`; 0: none. */
function withTimeout(signal: AbortSignal, seconds: number): AbortSignal {
  return seconds > 0 ? AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]) : signal;
}

/** The last part of `urn:pulumi:<stack>::<project>::<types>::<name>`; a name may contain `::`. */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The kind in a type token (`prefect:index:WorkPool`) or in a URN, whose types are a chain from the outermost parent. */
export function kindOf(type: string, urn: string): string {
  const token = type === "" ? (urn.split("::")[2]?.split("$").at(-1) ?? "") : type;
  return token.split(":").at(-1) ?? token;
}
