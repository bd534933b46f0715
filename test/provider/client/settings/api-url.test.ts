import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../../provider/client/index.ts";
import { parseApiUrl } from "../../../../provider/client/settings/api-url.ts";

const A = "9b2f7a52-5a47-4a2f-9f1b-1df3b5d0a001";
const W = "9b2f7a52-5a47-4a2f-9f1b-1df3b5d0a002";
const WORKSPACE = `/api/accounts/${A}/workspaces/${W}`;

describe("the URL of an API", () => {
  it.each([
    ["http://127.0.0.1:4200/api", "http://127.0.0.1:4200", "/api"],
    ["http://127.0.0.1:4200/api/", "http://127.0.0.1:4200", "/api"],
    ["http://127.0.0.1:4200", "http://127.0.0.1:4200", "/api"],
    ["http://127.0.0.1:4200//", "http://127.0.0.1:4200", "/api"],
    ["  http://Prefect.Example.COM/api\n", "http://prefect.example.com", "/api"],
    ["https://example.com/team/prefect", "https://example.com", "/team/prefect/api"],
    ["https://example.com/team/prefect/api///", "https://example.com", "/team/prefect/api"],
    ["https://example.com:443/api", "https://example.com", "/api"],
    ["http://[::1]:4200", "http://[::1]:4200", "/api"],
    ["http://host/dashboard/api", "http://host", "/dashboard/api"],
    [`https://api.prefect.cloud${WORKSPACE}`, "https://api.prefect.cloud", WORKSPACE],
    [`https://api.prefect.cloud${WORKSPACE}/`, "https://api.prefect.cloud", WORKSPACE],
    [`https://api.prefect.cloud/accounts/${A}/workspaces/${W}`, "https://api.prefect.cloud", WORKSPACE],
    [`https://cloud.example.com/x/accounts/${A}/workspaces/${W}`, "https://cloud.example.com", `/x${WORKSPACE}`],
  ])("is read in the form %j", (text, origin, basePath) => {
    expect(parseApiUrl(text, "here")).toMatchObject({
      origin,
      basePath,
      cloud: basePath.includes("/accounts/"),
      authString: undefined,
    });
  });

  it("keeps the original path when /api is appended to one", () => {
    expect(parseApiUrl("http://host/prefect-api/", "here")).toMatchObject({
      basePath: "/prefect-api/api",
      originalPath: "/prefect-api",
    });
    expect(parseApiUrl("http://host", "here").originalPath).toBeUndefined();
    expect(parseApiUrl("http://host/x/api", "here").originalPath).toBeUndefined();
  });

  it("may hold user and password, which become credentials and are removed from the URL", () => {
    const api = parseApiUrl("https://admin:p%40ss%2Fw@prefect.example.com/api", "here");
    expect(api).toMatchObject({ origin: "https://prefect.example.com", basePath: "/api", authString: "admin:p@ss/w" });
  });

  it.each([
    ["", /is empty.*http:\/\/127\.0\.0\.1:4200\/api/],
    ["127.0.0.1:4200/api", /has no scheme; write http:\/\/127\.0\.0\.1:4200\/api/],
    ["localhost:4200", /has no scheme; write http:\/\/localhost:4200/],
    ["prefect.example.com/api", /has no scheme; write https:\/\/prefect\.example\.com\/api/],
    ["//prefect.example.com/api", /has no scheme; write https:\/\/prefect\.example\.com\/api/],
    ["ws://127.0.0.1:4200/api", /write http:\/\/127\.0\.0\.1:4200\/api/],
    ["wss://example.com/api", /write https:\/\/example\.com\/api/],
    ["sqlite:///x.db", /only http and https/],
    ["http://127.0.0.1:99999/api", /is not a URL/],
    ["http://host/api?token=x", /followed by a query or fragment \(\? or #\)/],
    ["http://host/a//b", /path has a double slash; write http:\/\/host\/a\/b/],
    [
      "http://127.0.0.1:4200/dashboard",
      /a page of Prefect's UI; the API is probably at http:\/\/127\.0\.0\.1:4200\/api/,
    ],
    ["http://127.0.0.1:4200/v2/work-pools/", /a page of Prefect's UI/],
    ["https://app.prefect.cloud", /Prefect Cloud's UI/],
    [
      `https://app.prefect.cloud/account/${A}/workspace/${W}/dashboard`,
      new RegExp(`the API is at https://api.prefect.cloud${WORKSPACE}`),
    ],
  ])("is refused with a suggestion: %j", (text, message) => {
    expect(() => parseApiUrl(text, "PREFECT_API_URL of the environment")).toThrow(message);
    expect(() => parseApiUrl(text, "PREFECT_API_URL of the environment")).toThrow(/PREFECT_API_URL of the environment/);
    expect(() => parseApiUrl(text, "here")).toThrow(ConfigError);
  });

  it.each([
    "user:hunter2@127.0.0.1:4200/api",
    "ws://user:hunter2@host/api",
    "http://user:hunter2@host:99999/api",
    "http://user:hun/ter2@host/api",
    "http://user:1/hunter2@host/api",
    "http://user:1#hunter2@host/api",
    "http://user:hunter2@host/api?x=hunter2",
    "http://user:hunter2@host/dashboard",
    "http://user:hunter2%@host/api",
    "http://user:hunter2@host/a//b",
  ])("is refused without showing the password: %j", (text) => {
    const secrets = /hunter2|ter2|user:|user@/;
    let message = "";
    try {
      parseApiUrl(text, "here");
    } catch (error) {
      if (error instanceof ConfigError) ({ message } = error);
    }
    expect(message).toMatch(/^apiUrl \(here\) cannot be used: /);
    expect(message).not.toMatch(secrets);
  });
});
