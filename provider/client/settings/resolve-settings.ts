import { type ProviderSettings, providerConfig, type SettingName } from "../../../schema/config.ts";
import { type ApiUrl, CLOUD_API, parseApiUrl, workspaceUrl } from "./api-url.ts";
import { checkCredential, checkHeaders } from "./check-headers.ts";
import { ConfigError } from "./config-error.ts";
import type { Environment } from "./environment.ts";
import { parseSetting } from "./parse-setting.ts";
import { type Profile, readProfile } from "./profile.ts";
import { type ProxyServer, proxyFor } from "./proxy.ts";

/** The effective configuration. Returned by `resolveSettings` and never stored: it may hold credentials of the environment. */
export interface ResolvedSettings {
  api: ApiUrl;
  apiKey: string | undefined;
  /** `user:password`. Takes precedence over `apiKey`, as in Prefect. */
  authString: string | undefined;
  customHeaders: { [name: string]: string };
  /** PEM text of additional certificate authorities. */
  ca: string | undefined;
  insecureSkipVerify: boolean;
  /** The proxy to send requests through. */
  proxy: ProxyServer | undefined;
  requestTimeoutMs: number;
  maxConcurrentRequests: number;
  adopt: NonNullable<ProviderSettings["adopt"]>;
  forceDelete: boolean;
  contractCheck: NonNullable<ProviderSettings["contractCheck"]>;
  lintRules: NonNullable<ProviderSettings["lintRules"]>;
  /** Where each setting came from, in words, e.g. `PREFECT_API_URL of the environment`. */
  sources: { readonly [Name in SettingName]?: string };
  /** Shown when the server refuses the credentials. */
  credentialNotes: string[];
}

/** Settings as a host passes them: values of the right type, or text (`readSettingText`). `undefined`, `null`: not set. */
export type RawSettings = { readonly [Name in SettingName]?: unknown };

interface SourcedValue {
  value: unknown;
  source: string;
  precedence: Precedence;
}

/** The smaller number wins. */
type Precedence = typeof CONFIGURATION | typeof ENVIRONMENT | typeof PROFILE;
const CONFIGURATION = 0;
const ENVIRONMENT = 1;
const PROFILE = 2;

/** Resolves the whole configuration. Precedence: the passed settings, then Prefect's environment variables, then the active
 *  profile. An empty variable is not set. A profile's credentials are sent to the profile's own server only. Throws: ConfigError
 *  naming the setting and its source. */
export function resolveSettings(settings: RawSettings, environment: Environment): ResolvedSettings {
  const unknown = Object.keys(settings).find((name) => !Object.hasOwn(providerConfig, name));
  if (unknown !== undefined) {
    throw new ConfigError(
      unknown,
      `There is no setting "${unknown}". There are: ${Object.keys(providerConfig).join(", ")}.`,
    );
  }
  const requested = findSetting("profile", settings, environment, undefined);
  const profile = readProfile(requested === undefined ? undefined : profileName(requested), environment);
  const find = (name: SettingName) => findSetting(name, settings, environment, profile);
  const sources: { [Name in SettingName]?: string } = {};
  function value<Name extends SettingName>(name: Name, found = find(name)): ProviderSettings[Name] | undefined {
    if (found === undefined) return undefined;
    sources[name] = found.source;
    return parseSetting(name, found.value, found.source);
  }

  const address = resolveAddress(find, value, profile);
  const credentialNotes: string[] = [];
  function credential<Name extends "apiKey" | "authString" | "customHeaders">(name: Name) {
    const found = find(name);
    if (found?.precedence !== PROFILE || address.precedence === PROFILE || isForServer(profile, address.api))
      return { found, value: value(name, found) };
    credentialNotes.push(`${name} of ${found.source} was not sent: that profile is for another server.`);
    return { found: undefined, value: undefined };
  }
  const auth = credential("authString");
  const fromUrl = address.api.authString;
  const urlWins =
    fromUrl !== undefined && (auth.value === undefined || (auth.found?.precedence ?? PROFILE) > address.precedence);
  if (urlWins) sources.authString = `user and password in apiUrl, ${address.source}`;
  const caFile = value("caFile");
  return {
    api: address.api,
    apiKey: checkCredential("apiKey", credential("apiKey").value, sources.apiKey),
    authString: urlWins ? fromUrl : checkCredential("authString", auth.value, sources.authString),
    customHeaders: checkHeaders(credential("customHeaders").value ?? {}, sources.customHeaders),
    ca: caFile === undefined ? undefined : readCertificates(caFile, sources.caFile ?? "", environment),
    insecureSkipVerify: value("insecureSkipVerify") ?? false,
    proxy: proxyFor(address.api.origin, environment),
    requestTimeoutMs: (value("requestTimeoutSeconds") ?? 150) * 1000,
    maxConcurrentRequests: value("maxConcurrentRequests") ?? 16,
    adopt: value("adopt") ?? "refuse",
    forceDelete: value("forceDelete") ?? false,
    contractCheck: value("contractCheck") ?? "error",
    lintRules: value("lintRules") ?? {},
    sources: { ...sources, apiUrl: address.source },
    credentialNotes,
  };
}

function findSetting(
  name: SettingName,
  settings: RawSettings,
  { env }: Environment,
  profile: Profile | undefined,
): SourcedValue | undefined {
  const configured = settings[name];
  if (configured !== undefined && configured !== null)
    return { value: configured, source: "given in the configuration", precedence: CONFIGURATION };
  const variables = providerConfig[name].environment;
  for (const variable of variables) {
    if (env[variable])
      return { value: env[variable], source: `${variable} of the environment`, precedence: ENVIRONMENT };
  }
  for (const variable of variables) {
    const value = profile?.settings[variable];
    if (value)
      return {
        value,
        source: `${variable} of the profile "${profile?.name}" in ${profile?.file}`,
        precedence: PROFILE,
      };
  }
  return undefined;
}

function profileName({ value, source }: SourcedValue): { name: string; source: string } {
  return { name: parseSetting("profile", value, source), source };
}

interface Address {
  api: ApiUrl;
  source: string;
  precedence: Precedence;
}

function resolveAddress(
  find: (name: SettingName) => SourcedValue | undefined,
  value: (name: "apiUrl" | "accountId" | "workspaceId", found?: SourcedValue) => string | undefined,
  profile: Profile | undefined,
): Address {
  const found = find("apiUrl");
  const [accountId, workspaceId] = [value("accountId"), value("workspaceId")];
  if ((accountId === undefined) !== (workspaceId === undefined)) {
    const missing = accountId === undefined ? "accountId" : "workspaceId";
    throw new ConfigError(
      missing,
      `${missing} is missing: a workspace of Prefect Cloud needs both accountId and workspaceId.`,
    );
  }
  if (accountId !== undefined && workspaceId !== undefined) {
    // A URL of the environment may be that of another workspace or server: accountId and workspaceId are used without it.
    const root =
      found?.precedence === CONFIGURATION ? parseApiUrl(String(value("apiUrl", found)), found.source) : undefined;
    const url = root === undefined ? CLOUD_API : `${root.origin}${root.basePath}`;
    if (root?.cloud && !root.basePath.endsWith(workspaceUrl("", accountId, workspaceId))) {
      throw new ConfigError(
        "apiUrl",
        "apiUrl names another workspace than accountId and workspaceId; leave one of them out.",
      );
    }
    const source = "accountId and workspaceId given in the configuration";
    const api = parseApiUrl(root?.cloud ? url : workspaceUrl(url, accountId, workspaceId), source);
    return { api: { ...api, authString: root?.authString }, source, precedence: CONFIGURATION };
  }
  if (found === undefined) throw missingUrl(profile);
  const api = parseApiUrl(String(value("apiUrl", found)), found.source);
  if (!api.cloud && api.origin === new URL(CLOUD_API).origin) {
    throw new ConfigError(
      "apiUrl",
      `apiUrl (${found.source}) names Prefect Cloud but no workspace; write ${workspaceUrl(CLOUD_API, "ACCOUNT", "WORKSPACE")}, or set accountId and workspaceId.`,
    );
  }
  return { api, source: found.source, precedence: found.precedence };
}

function missingUrl(profile: Profile | undefined): ConfigError {
  const active = profile === undefined ? "there is no active profile" : `the active profile "${profile.name}" has none`;
  return new ConfigError(
    "apiUrl",
    `apiUrl is not set: which Prefect API is meant? Set apiUrl or PREFECT_API_URL, for instance http://127.0.0.1:4200/api (${active}).`,
  );
}

/** Whether the profile's credentials are for this server: its URL is on the same server, or it has no URL. */
function isForServer(profile: Profile | undefined, api: ApiUrl): boolean {
  const url = profile?.settings.PREFECT_API_URL;
  return url === undefined || url === "" || URL.parse(url)?.origin === api.origin;
}

function readCertificates(file: string, source: string, environment: Environment): string {
  let pem: string;
  try {
    pem = environment.readFile(file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new ConfigError("caFile", `caFile (${source}): ${file} cannot be read (${String(error.code)}).`);
  }
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw new ConfigError(
    "caFile",
    `caFile (${source}): ${file} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`,
  );
}
