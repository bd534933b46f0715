import { isDeepStrictEqual } from "node:util";
import type {
  CheckRequest,
  CheckResponse,
  ConfigureRequest,
  DiffRequest,
  DiffResponse,
} from "@pulumi/pulumi/proto/provider_pb.d.ts";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { ProviderSettings } from "../../../schema/config.ts";
import { formatProblem } from "../../../schema/problem.ts";
import { decodeProperties, encodeProperties } from "../codec.ts";
import { lookup, readSettings, secretSettings, validSettings } from "../settings.ts";
import { checkResponse } from "./resource-methods.ts";
import { fromStruct } from "./struct.ts";

/** The inputs are what the program configured, nothing else: the environment and the profile are read in each run and never stored.
 *  Credentials are always marked as secret. */
export function checkConfig(request: CheckRequest): CheckResponse {
  const news = fromStruct(request.getNews());
  const { problems } = readSettings(lookup(news));
  const inputs = decodeProperties(news);
  return checkResponse(
    encodeProperties(inputs, secretSettings(inputs)),
    problems.map((problem) => ({ property: "", reason: formatProblem(problem) })),
  );
}

/** Never asks for a replacement of the provider, which would replace its resources. The old inputs may have any shape, since another
 *  version may have written them. */
export function diffConfig(request: DiffRequest): DiffResponse {
  const olds = readSettings(lookup(fromStruct(request.getOldInputs() ?? request.getOlds())));
  const news = readSettings(lookup(fromStruct(request.getNews())));
  const same = isDeepStrictEqual(olds.settings, news.settings);
  const { DiffChanges } = messages.DiffResponse;
  return new messages.DiffResponse().setChanges(same ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME);
}

/** Throws: ConfigError when the configuration is invalid. */
export function configuredSettings(request: ConfigureRequest): ProviderSettings {
  return validSettings(lookup(fromStruct(request.getArgs())));
}
