import { type ProviderSettings, providerConfig, type SettingName } from "../../../schema/config.ts";
import { type ApiUrl, CLOUD_API, parseApiUrl, workspaceUrl } from "./api-url.ts";
import { checkedHeaders, checkedText } from "./check-headers.ts";
import { ConfigError } from "./config-error.ts";
import type { Environment } from "./environment.ts";
import { type Profile, readProfile } from "./profile.ts";
import { type ProxyServer, proxyFor } from "./proxy.ts";
import { settingValue } from "./setting-value.ts";

/** The configuration as it counts. Made by `resolveSettings` and never stored: it may hold credentials of the environment. */
export interface ResolvedSettings {
  api: ApiUrl;
  apiKey: string | undefined;
  /** `user:password`. Counts before `apiKey`, as in Prefect. */
  authString: string | undefined;
  customHeaders: { [name: string]: string };
  /** PEM text of additional authorities. */
  ca: string | undefined;
  insecureSkipVerify: boolean;
  /** Requests go through it. */
  proxy: ProxyServer | undefined;
  requestTimeoutMs: number;
  maxConcurrentRequests: number;
  adopt: NonNullable<ProviderSettings["adopt"]>;
  forceDelete: boolean;
  contractCheck: NonNullable<ProviderSettings["contractCheck"]>;
  lintRules: NonNullable<ProviderSettings["lintRules"]>;
  /** Where each setting came from, in words, e.g. `PREFECT_API_URL of the environment`. */
  sources: { readonly [Name in SettingName]?: string };
  /** What a user should know when the server refuses the credentials. */
  notes: string[];
}

/** Settings as a host gets them: values of the right type, or text. `undefined`, `null`: not given. */
export type GivenSettings = { readonly [Name in SettingName]?: unknown };

interface Found {
  value: unknown;
  source: string;
  /** A smaller rank counts more. */
  rank: 0 | 1 | 2;
}

/** Reads the whole configuration: what is given counts before Prefect's environment variables, and these before the active
 *  profile. An empty variable is not set. A profile's credentials are not sent to another server than the profile's own.
 *  Throws: ConfigError naming the setting and where it came from. */
export function resolveSettings(given: GivenSettings, environment: Environment): ResolvedSettings {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(providerConfig, name));
  if (unknown !== undefined) {
    throw new ConfigError(
      unknown,
      `There is no setting "${unknown}". There are: ${Object.keys(providerConfig).join(", ")}.`,
    );
  }
  const wanted = find("profile", given, environment, undefined);
  const profile = readProfile(wanted === undefined ? undefined : named(wanted), environment);
  const lookup = (name: SettingName) => find(name, given, environment, profile);
  const sources: { [Name in SettingName]?: string } = {};
  function value<Name extends SettingName>(name: Name, found = lookup(name)): ProviderSettings[Name] | undefined {
    if (found === undefined) return undefined;
    sources[name] = found.source;
    return settingValue(name, found.value, found.source);
  }

  const address = addressOf(lookup, value, profile);
  const notes: string[] = [];
  function credential<Name extends "apiKey" | "authString" | "customHeaders">(name: Name) {
    const found = lookup(name);
    if (found?.rank !== 2 || address.rank === 2 || belongsTo(profile, address.api))
      return { found, value: value(name, found) };
    notes.push(`${name} of ${found.source} was not sent: that profile is for another server.`);
    return { found: undefined, value: undefined };
  }
  const auth = credential("authString");
  const fromUrl = address.api.authString;
  const urlWins = fromUrl !== undefined && (auth.value === undefined || (auth.found?.rank ?? 2) > address.rank);
  if (urlWins) sources.authString = `user and password in apiUrl, ${address.source}`;
  const ca = value("caFile");
  return {
    api: address.api,
    apiKey: checkedText("apiKey", credential("apiKey").value, sources.apiKey),
    authString: urlWins ? fromUrl : checkedText("authString", auth.value, sources.authString),
    customHeaders: checkedHeaders(credential("customHeaders").value ?? {}, sources.customHeaders),
    ca: ca === undefined ? undefined : readCertificates(ca, sources.caFile ?? "", environment),
    insecureSkipVerify: value("insecureSkipVerify") ?? false,
    proxy: proxyFor(address.api.origin, environment),
    requestTimeoutMs: (value("requestTimeoutSeconds") ?? 150) * 1000,
    maxConcurrentRequests: value("maxConcurrentRequests") ?? 16,
    adopt: value("adopt") ?? "refuse",
    forceDelete: value("forceDelete") ?? false,
    contractCheck: value("contractCheck") ?? "error",
    lintRules: value("lintRules") ?? {},
    sources: { ...sources, apiUrl: address.source },
    notes,
  };
}

function find(
  name: SettingName,
  given: GivenSettings,
  { env }: Environment,
  profile: Profile | undefined,
): Found | undefined {
  const explicit = given[name];
  if (explicit !== undefined && explicit !== null)
    return { value: explicit, source: "given in the configuration", rank: 0 };
  for (const variable of providerConfig[name].environment) {
    if (env[variable]) return { value: env[variable], source: `${variable} of the environment`, rank: 1 };
  }
  for (const variable of providerConfig[name].environment) {
    const set = profile?.settings[variable];
    if (set)
      return { value: set, source: `${variable} of the profile "${profile?.name}" in ${profile?.file}`, rank: 2 };
  }
  return undefined;
}

function named(wanted: Found): { name: string; source: string } {
  return { name: settingValue("profile", wanted.value, wanted.source), source: wanted.source };
}

interface Address {
  api: ApiUrl;
  source: string;
  rank: Found["rank"];
}

function addressOf(
  lookup: (name: SettingName) => Found | undefined,
  value: (name: "apiUrl" | "accountId" | "workspaceId", found?: Found) => string | undefined,
  profile: Profile | undefined,
): Address {
  const found = lookup("apiUrl");
  const [accountId, workspaceId] = [value("accountId"), value("workspaceId")];
  if ((accountId === undefined) !== (workspaceId === undefined)) {
    const missing = accountId === undefined ? "accountId" : "workspaceId";
    throw new ConfigError(
      missing,
      `${missing} is missing: a workspace of Prefect Cloud is named by accountId and workspaceId together.`,
    );
  }
  if (accountId !== undefined && workspaceId !== undefined) {
    // A URL from outside may be for another workspace, or no Cloud at all: what is given goes together.
    const root = found?.rank === 0 ? parseApiUrl(String(value("apiUrl", found)), found.source) : undefined;
    const url = root === undefined ? CLOUD_API : `${root.origin}${root.base}`;
    const wanted = workspaceUrl("", accountId, workspaceId);
    if (root?.cloud && !root.base.endsWith(wanted)) {
      throw new ConfigError(
        "apiUrl",
        "apiUrl names another workspace than accountId and workspaceId; leave one of them out.",
      );
    }
    const source = "accountId and workspaceId given in the configuration";
    const api = parseApiUrl(root?.cloud ? url : workspaceUrl(url, accountId, workspaceId), source);
    return { api: { ...api, authString: root?.authString }, source, rank: 0 };
  }
  if (found === undefined) throw noUrl(profile);
  const api = parseApiUrl(String(value("apiUrl", found)), found.source);
  if (!api.cloud && api.origin === new URL(CLOUD_API).origin) {
    throw new ConfigError(
      "apiUrl",
      `apiUrl (${found.source}) names Prefect Cloud but no workspace; write ${workspaceUrl(CLOUD_API, "ACCOUNT", "WORKSPACE")}, or set accountId and workspaceId.`,
    );
  }
  return { api, source: found.source, rank: found.rank };
}

function noUrl(profile: Profile | undefined): ConfigError {
  const looked = profile === undefined ? "there is no active profile" : `the active profile "${profile.name}" has none`;
  return new ConfigError(
    "apiUrl",
    `apiUrl is not set: which Prefect API is meant? Set apiUrl or PREFECT_API_URL, for instance http://127.0.0.1:4200/api (${looked}).`,
  );
}

/** Whether the profile's credentials are for this server: it names no server, or this one. */
function belongsTo(profile: Profile | undefined, api: ApiUrl): boolean {
  const url = profile?.settings.PREFECT_API_URL;
  return url === undefined || url === "" || URL.parse(url)?.origin === api.origin;
}

function readCertificates(file: string, source: string, environment: Environment): string {
  let text: string;
  try {
    text = environment.readFile(file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new ConfigError("caFile", `caFile (${source}): ${file} cannot be read (${String(error.code)}).`);
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new ConfigError(
    "caFile",
    `caFile (${source}): ${file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`,
  );
}
