import type {
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb.d.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ProviderSettings } from "../../../schema/config.ts";
import { equal } from "../../../schema/json.ts";
import { formatProblem } from "../../../schema/problem.ts";
import { ProviderFailure } from "../failure.ts";
import { lookup, readSettings, secretSettings } from "../settings.ts";
import { decodeObject, encodeObject } from "../wire.ts";
import { checkResponse } from "./lifecycle.ts";
import { fromStruct } from "./struct.ts";

/** Keeps what the program configured, and nothing else: what the environment or a profile adds is looked up at each run and
 *  never stored. Credentials are marked as secret whatever the program did. */
export function checkConfig(request: CheckRequest): CheckResponse {
  const given = fromStruct(request.getNews()) ?? {};
  const { problems } = readSettings(lookup(given));
  const inputs = decodeObject(given);
  return checkResponse(
    encodeObject(inputs, secretSettings(inputs)),
    problems.map((problem) => ({ property: "", reason: formatProblem(problem) })),
  );
}

/** A provider never asks for replacement: the resources stay what they are, whatever the way to them. The old inputs may have
 *  any shape, for another version or another door wrote them. */
export function diffConfig(request: DiffRequest): DiffResponse {
  const olds = readSettings(lookup(fromStruct(request.getOldInputs() ?? request.getOlds())));
  const news = readSettings(lookup(fromStruct(request.getNews())));
  const same = equal({ ...olds.settings } as never, { ...news.settings } as never);
  const { DiffChanges } = messages.DiffResponse;
  return new messages.DiffResponse().setChanges(same ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME);
}

/** Throws: ProviderFailure when the configuration cannot be read. */
export function configuredSettings(request: ConfigureRequest): ProviderSettings {
  const { settings, problems } = readSettings(lookup(fromStruct(request.getArgs())));
  if (problems.length > 0) {
    throw new ProviderFailure(`The provider's configuration cannot be used. ${problems.map(formatProblem).join("; ")}`);
  }
  return settings;
}
