import { describe, expect, it } from "vitest";
import { ConfigError, type Environment, type RawSettings, resolveSettings } from "../../../../provider/client/index.ts";

const A = "9b2f7a52-5a47-4a2f-9f1b-1df3b5d0a001";
const W = "9b2f7a52-5a47-4a2f-9f1b-1df3b5d0a002";
const CLOUD = "https://api.prefect.cloud/api";
const URL = "http://127.0.0.1:4200/api";

function fakeEnvironment(env: Environment["env"], files: { [path: string]: string } = {}): Environment {
  return {
    env,
    readFile(path) {
      const text = files[path];
      if (text !== undefined) return text;
      throw Object.assign(new Error(`no such file: ${path}`), { code: "ENOENT" });
    },
  };
}

const resolve = (settings: RawSettings, env: Environment["env"] = {}, files?: { [path: string]: string }) =>
  resolveSettings(settings, fakeEnvironment(env, files));

function configError(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("no ConfigError was thrown");
}

const profiles = `
active = "staging"

[profiles.staging]
PREFECT_API_URL = "https://staging.example.com/api"
PREFECT_API_AUTH_STRING = "staging:pass"
PREFECT_API_TLS_INSECURE_SKIP_VERIFY = true

[profiles.work]
PREFECT_API_URL = "${CLOUD}/accounts/${A}/workspaces/${W}"
PREFECT_API_KEY = "pnu_work"
`;
const home = { HOME: "/home/me" };
const withProfiles = { "/home/me/.prefect/profiles.toml": profiles };

describe("settings come", () => {
  it("from the configuration before the environment, and from there before the profile", () => {
    const env = { ...home, PREFECT_API_URL: "http://env.example.com" };
    expect(resolve({ apiUrl: URL }, env, withProfiles).api.origin).toBe("http://127.0.0.1:4200");
    expect(resolve({}, env, withProfiles).api.origin).toBe("http://env.example.com");
    expect(resolve({}, home, withProfiles).api.origin).toBe("https://staging.example.com");
  });

  it("with the source of each, in words", () => {
    const { sources } = resolve({ requestTimeoutSeconds: 5 }, { ...home, PREFECT_API_KEY: "k" }, withProfiles);
    expect(sources).toMatchObject({
      requestTimeoutSeconds: "given in the configuration",
      apiKey: "PREFECT_API_KEY of the environment",
      apiUrl: 'PREFECT_API_URL of the profile "staging" in /home/me/.prefect/profiles.toml',
    });
  });

  it("with defaults where nothing is set", () => {
    expect(resolve({ apiUrl: URL })).toMatchObject({
      apiKey: undefined,
      authString: undefined,
      customHeaders: {},
      ca: undefined,
      insecureSkipVerify: false,
      requestTimeoutMs: 150_000,
      maxConcurrentRequests: 16,
      adopt: "refuse",
      forceDelete: false,
      contractCheck: "error",
      lintRules: {},
    });
  });

  it("from every variable that Prefect knows", () => {
    const pem = "-----BEGIN CERTIFICATE-----\nx\n";
    const resolved = resolve(
      {},
      {
        PREFECT_API_URL: URL,
        PREFECT_API_KEY: "key",
        PREFECT_API_AUTH_STRING: "user:pass",
        PREFECT_CLIENT_CUSTOM_HEADERS: '{"X-Team": "data"}',
        PREFECT_API_SSL_CERT_FILE: "/etc/ca.pem",
        PREFECT_API_TLS_INSECURE_SKIP_VERIFY: "1",
      },
      { "/etc/ca.pem": pem },
    );
    expect(resolved).toMatchObject({
      apiKey: "key",
      authString: "user:pass",
      customHeaders: { "x-team": "data" },
      ca: pem,
      insecureSkipVerify: true,
    });
  });

  it("never from an empty variable", () => {
    expect(resolve({}, { ...home, PREFECT_API_URL: "", PREFECT_API_KEY: "" }, withProfiles)).toMatchObject({
      api: { origin: "https://staging.example.com" },
      apiKey: undefined,
    });
  });

  it("as text, too, as in stack configuration", () => {
    const resolved = resolve({
      apiUrl: URL,
      customHeaders: '{"x-a":"1"}',
      insecureSkipVerify: "true",
      requestTimeoutSeconds: "2.5",
      maxConcurrentRequests: "1",
      forceDelete: "false",
      adopt: "ifEqual",
      lintRules: '{"template/unused-variable":"error"}',
      apiKey: "12345",
    });
    expect(resolved).toMatchObject({
      customHeaders: { "x-a": "1" },
      insecureSkipVerify: true,
      requestTimeoutMs: 2_500,
      maxConcurrentRequests: 1,
      forceDelete: false,
      adopt: "ifEqual",
      lintRules: { "template/unused-variable": "error" },
      apiKey: "12345",
    });
  });

  it("with null and undefined as not set", () => {
    expect(resolve({ apiUrl: URL, apiKey: null, adopt: undefined }, { PREFECT_API_KEY: "k" }).apiKey).toBe("k");
  });

  it("with an empty credential in the configuration as none at all", () => {
    expect(resolve({ apiUrl: URL, apiKey: "" }, { PREFECT_API_KEY: "k" }).apiKey).toBeUndefined();
  });

  it("without the line break at the end of a credential", () => {
    expect(resolve({ apiUrl: URL, apiKey: "key\n", authString: "u:p\r\n" })).toMatchObject({
      apiKey: "key",
      authString: "u:p",
    });
  });
});

describe("the profile", () => {
  it.each<[string, RawSettings, Environment["env"], { [path: string]: string }, string]>([
    ["is the active one", {}, home, withProfiles, "https://staging.example.com"],
    [
      "is the one of PREFECT_PROFILE",
      {},
      { ...home, PREFECT_PROFILE: "work" },
      withProfiles,
      "https://api.prefect.cloud",
    ],
    [
      "is the configured one",
      { profile: "work" },
      { ...home, PREFECT_PROFILE: "staging" },
      withProfiles,
      "https://api.prefect.cloud",
    ],
    [
      "is read from PREFECT_PROFILES_PATH",
      {},
      { ...home, PREFECT_PROFILES_PATH: "~/p.toml" },
      { "/home/me/p.toml": profiles },
      "https://staging.example.com",
    ],
    [
      "is read from PREFECT_HOME",
      {},
      { ...home, PREFECT_HOME: "/opt/prefect/" },
      { "/opt/prefect/profiles.toml": profiles },
      "https://staging.example.com",
    ],
    [
      "is read from the home of a Windows user",
      {},
      { USERPROFILE: "C:\\me" },
      { "C:\\me/.prefect/profiles.toml": profiles },
      "https://staging.example.com",
    ],
    ["may be one that Prefect ships", { profile: "local" }, {}, {}, "http://127.0.0.1:4200"],
  ])("%s", (_, settings, env, files, origin) => {
    expect(resolve(settings, env, files).api.origin).toBe(origin);
  });

  it("may have values that are not text", () => {
    expect(resolve({}, home, withProfiles).insecureSkipVerify).toBe(true);
  });

  it("has its credentials sent to its own server only", () => {
    const elsewhere = resolve({ apiUrl: URL }, home, withProfiles);
    expect(elsewhere.authString).toBeUndefined();
    expect(elsewhere.credentialNotes).toEqual([
      'authString of PREFECT_API_AUTH_STRING of the profile "staging" in /home/me/.prefect/profiles.toml was not sent: that profile is for another server.',
    ]);
    const other = `${CLOUD}/accounts/${W}/workspaces/${A}`;
    expect(resolve({ apiUrl: other, profile: "work" }, home, withProfiles).apiKey).toBe("pnu_work");
    const keyOnly = { "/home/me/.prefect/profiles.toml": 'active = "k"\n[profiles.k]\nPREFECT_API_KEY = "pnu_k"\n' };
    expect(resolve({ apiUrl: URL }, home, keyOnly).apiKey).toBe("pnu_k");
  });

  it("that is requested must exist", () => {
    const error = configError(() => resolve({ profile: "prod" }, home, withProfiles));
    expect(error.setting).toBe("profile");
    expect(error.message).toBe(
      'profile (given in the configuration): there is no profile "prod"; /home/me/.prefect/profiles.toml has staging, work.',
    );
    const noFile = configError(() => resolve({}, { ...home, PREFECT_PROFILE: "prod" }));
    expect(noFile.message).toContain("PREFECT_PROFILE of the environment");
    expect(noFile.message).toContain("there is no file /home/me/.prefect/profiles.toml");
  });

  it("that is active but missing counts as none", () => {
    const files = { "/home/me/.prefect/profiles.toml": 'active = "lost"\n' };
    expect(resolve({ apiUrl: URL }, home, files).api.origin).toBe("http://127.0.0.1:4200");
  });

  it("is never shown when its file is not TOML", () => {
    const files = { "/home/me/.prefect/profiles.toml": '[profiles.a]\nPREFECT_API_KEY = "pnu_hunter2\n' };
    const error = configError(() => resolve({}, home, files));
    expect(error.message).toMatch(/profiles\.toml cannot be read: line 2, column \d+ is not valid TOML/);
    expect(error.message).not.toContain("hunter2");
  });
});

describe("the address", () => {
  it("may be a workspace of Prefect Cloud", () => {
    const { api, sources } = resolve({ accountId: A, workspaceId: W });
    expect(api).toMatchObject({
      origin: "https://api.prefect.cloud",
      basePath: `/api/accounts/${A}/workspaces/${W}`,
      cloud: true,
    });
    expect(sources.apiUrl).toBe("accountId and workspaceId given in the configuration");
  });

  it("may be a workspace of another installation of Cloud", () => {
    const api = resolve({ apiUrl: "https://cloud.example.com/api", accountId: A, workspaceId: W }).api;
    expect(api.origin + api.basePath).toBe(`https://cloud.example.com/api/accounts/${A}/workspaces/${W}`);
  });

  it("of a workspace has precedence over a URL of the environment", () => {
    expect(resolve({ accountId: A, workspaceId: W }, { PREFECT_API_URL: URL }).api.origin).toBe(
      "https://api.prefect.cloud",
    );
  });

  it("may name the workspace twice, but not two workspaces", () => {
    const apiUrl = `${CLOUD}/accounts/${A}/workspaces/${W}`;
    expect(resolve({ apiUrl, accountId: A, workspaceId: W }).api.basePath).toBe(`/api/accounts/${A}/workspaces/${W}`);
    expect(configError(() => resolve({ apiUrl, accountId: W, workspaceId: A })).message).toContain("another workspace");
  });

  it.each<[string, RawSettings, Environment["env"], string, RegExp]>([
    [
      "nothing is set",
      {},
      {},
      "apiUrl",
      /Set apiUrl or PREFECT_API_URL, for instance http:\/\/127\.0\.0\.1:4200\/api \(there is no active profile\)/,
    ],
    ["half a workspace", { accountId: A }, {}, "workspaceId", /workspaceId is missing/],
    ["half a workspace", { workspaceId: A }, {}, "accountId", /accountId is missing/],
    [
      "an id that is none",
      { accountId: "acme", workspaceId: W },
      {},
      "accountId",
      /accountId \(given in the configuration\) cannot be used/,
    ],
    [
      "Cloud without a workspace",
      { apiUrl: CLOUD },
      {},
      "apiUrl",
      /no workspace; write https:\/\/api\.prefect\.cloud\/api\/accounts\/ACCOUNT\/workspaces\/WORKSPACE/,
    ],
    ["an empty one", { apiUrl: "" }, { PREFECT_API_URL: URL }, "apiUrl", /is empty/],
    [
      "a wrong one in the environment",
      {},
      { PREFECT_API_URL: "localhost:4200" },
      "apiUrl",
      /PREFECT_API_URL of the environment/,
    ],
  ])("is refused: %s", (_, settings, env, setting, message) => {
    const error = configError(() => resolve(settings, env));
    expect(error.setting).toBe(setting);
    expect(error.message).toMatch(message);
  });

  it("that is missing names the active profile, which has none", () => {
    const files = { "/home/me/.prefect/profiles.toml": 'active = "ephemeral"\n[profiles.ephemeral]\nX = "y"\n' };
    expect(configError(() => resolve({}, home, files)).message).toContain('the active profile "ephemeral" has none');
  });

  it("with user and password gives the credentials, unless some of higher precedence are set", () => {
    const withUser = "http://me:secret@127.0.0.1:4200";
    expect(resolve({ apiUrl: withUser })).toMatchObject({
      authString: "me:secret",
      api: { origin: "http://127.0.0.1:4200" },
    });
    expect(resolve({ apiUrl: withUser, authString: "a:b" }).authString).toBe("a:b");
    expect(resolve({ apiUrl: withUser }, { PREFECT_API_AUTH_STRING: "a:b" }).authString).toBe("me:secret");
    expect(resolve({ authString: "a:b" }, { PREFECT_API_URL: withUser }).authString).toBe("a:b");
    expect(resolve({}, { PREFECT_API_URL: withUser, PREFECT_API_AUTH_STRING: "a:b" }).authString).toBe("a:b");
  });
});

describe("a wrong setting", () => {
  const secret = "hunter2-hunter2";
  it.each<[string, RawSettings, Environment["env"], RegExp]>([
    ["insecureSkipVerify", { insecureSkipVerify: secret }, {}, /boolean.*; write true or false$/],
    ["requestTimeoutSeconds", { requestTimeoutSeconds: -1 }, {}, /must be more than 0/],
    ["requestTimeoutSeconds", { requestTimeoutSeconds: "soon" }, {}, /number/],
    ["maxConcurrentRequests", { maxConcurrentRequests: 0 }, {}, /must be 1 or more/],
    ["maxConcurrentRequests", { maxConcurrentRequests: "2.5" }, {}, /int/],
    ["adopt", { adopt: secret }, {}, /refuse/],
    ["contractCheck", { contractCheck: "maybe" }, {}, /"error"\|"warn"\|"off"/],
    ["lintRules", { lintRules: { "template/x": secret } }, {}, /at template\/x/],
    [
      "lintRules",
      { lintRules: { "template/unused-variables": "off" } },
      {},
      /template\/unused-variables.*Did you mean "template\/unused-variable"\?/,
    ],
    ["lintRules", { lintRules: { "no-such-rule": "off" } }, {}, /at no-such-rule: is not the id of a template rule/],
    [
      "customHeaders",
      {},
      { PREFECT_CLIENT_CUSTOM_HEADERS: `X-A: ${secret}` },
      /PREFECT_CLIENT_CUSTOM_HEADERS.*as text it must be JSON/,
    ],
    ["customHeaders", { customHeaders: { "x-a": [secret] } }, {}, /at x-a/],
    ["customHeaders", { customHeaders: { "x a": secret } }, {}, /the header "x a" is not a valid header name/],
    [
      "customHeaders",
      { customHeaders: { "x-a": `${secret}\n` } },
      {},
      /the header "x-a" has a value that cannot be sent/,
    ],
    ["customHeaders", { customHeaders: { Host: secret } }, {}, /the header "Host" is set by the client itself/],
    ["apiKey", { apiKey: `${secret}\nx` }, {}, /character that cannot be sent/],
    ["apiKey", { apiKey: { key: secret } }, {}, /string/],
    ["caFile", { caFile: "/nowhere.pem" }, {}, /\/nowhere\.pem cannot be read \(ENOENT\)/],
    [
      "caFile",
      {},
      { PREFECT_API_SSL_CERT_FILE: "/key.pem" },
      /PREFECT_API_SSL_CERT_FILE.*\/key\.pem holds no certificate/,
    ],
    ["apiURL", { apiURL: secret } as RawSettings, {}, /There is no setting "apiURL".*apiUrl/],
  ])("is named, with its source and without its value: %s", (setting, settings, env, message) => {
    const error = configError(() => resolve({ apiUrl: URL, ...settings }, env, { "/key.pem": secret }));
    expect(error.setting).toBe(setting);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("hunter2");
  });
});
