import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ConfigError, connect, resolveSettings } from "../../../../provider/client/index.ts";
import { proxyFor } from "../../../../provider/client/settings/proxy.ts";
import type { RawSettings } from "../../../../provider/client/settings/resolve-settings.ts";
import { FakeTime } from "../support/fake-time.ts";
import { EMPTY_ENVIRONMENT, failure, pool, workPools } from "../support/local-api.ts";
import { selfSigned } from "../support/self-signed.ts";

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

function client(settings: RawSettings, env: Record<string, string>) {
  const api = connect(resolveSettings(settings, { ...EMPTY_ENVIRONMENT, env }), {}, new FakeTime());
  onTestFinished(() => api.close());
  return api;
}

/** A proxy that records its requests and forwards those for any host to the port. */
async function proxyTo(port: number): Promise<{ port: number; requests: string[] }> {
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"] ?? ""}`.trim());
    const { pathname } = new URL(request.url ?? "");
    const on = http.request({ port, host: "127.0.0.1", method: request.method, path: pathname }, (upstream) => {
      response.writeHead(upstream.statusCode ?? 500, upstream.headers);
      upstream.pipe(response);
    });
    request.pipe(on);
  });
  server.on("connect", (request, socket: net.Socket) => {
    requests.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"] ?? ""}`.trim());
    const on = net.connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      on.pipe(socket).pipe(on);
    });
    on.on("error", () => socket.destroy());
    socket.on("error", () => on.destroy());
  });
  return { port: await listening(server), requests };
}

const listener: http.RequestListener = (request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(request.url?.endsWith("version") ? '"3.8.4"' : JSON.stringify(pool));
};

describe("a proxy of the environment", () => {
  it("forwards requests to an API without TLS", async () => {
    const proxy = await proxyTo(await listening(http.createServer(listener)));
    const api = client({ apiUrl: "http://prefect.test:4200/api" }, { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` });
    expect(await workPools(api).read("etl")).toMatchObject({ name: pool.name });
    expect(proxy.requests).toEqual([
      "GET http://prefect.test:4200/api/admin/version",
      "GET http://prefect.test:4200/api/work_pools/etl",
    ]);
  });

  it("tunnels to an API with TLS, whose certificate is still verified, and gets its own credentials", async () => {
    const proxy = await proxyTo(await listening(https.createServer(selfSigned(), listener)));
    const env = { https_proxy: `me:secret@127.0.0.1:${proxy.port}` };
    const credentials = `Basic ${Buffer.from("me:secret").toString("base64")}`;
    const trusting = client({ apiUrl: "https://prefect.test/api", insecureSkipVerify: true }, env);
    expect(await workPools(trusting).read("etl")).toMatchObject({ name: pool.name });
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT prefect.test:443 ${credentials}`]));
    const error = await failure(client({ apiUrl: "https://prefect.test/api" }, env).version());
    expect(error.message).toMatch(/not trusted/);
  });

  it("that cannot be reached is named by its variable, never by its URL", async () => {
    const server = net.createServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const env = { HTTPS_PROXY: `http://me:secret@127.0.0.1:${port}` };
    const error = await failure(client({ apiUrl: "https://prefect.test/api" }, env).version());
    expect(error.code).toBe("network");
    expect(error.message).toContain("the proxy of the environment variable HTTPS_PROXY; hosts in NO_PROXY");
    expect(error.message).not.toContain("secret");
  });
});

describe("the proxy", () => {
  const variable = (origin: string, env: Record<string, string>) => proxyFor(origin, { env })?.variable;

  it("is that of the scheme's variable first, in upper or lower case", () => {
    const env = { HTTP_PROXY: "http://a", https_proxy: "http://b", ALL_PROXY: "socks5://c" };
    expect(variable("http://api.test", env)).toBe("HTTP_PROXY");
    expect(variable("https://api.test", env)).toBe("https_proxy");
    expect(variable("https://api.test", { ALL_PROXY: "socks5://c", HTTP_PROXY: "http://a" })).toBe("ALL_PROXY");
    expect(variable("https://api.test", { HTTPS_PROXY: "" })).toBeUndefined();
  });

  it.each([
    ["api.test", "api.test"],
    ["api.test", "test"],
    ["api.test", ".test"],
    ["api.test", "*.test"],
    ["api.test", "other, api.test:443"],
    ["api.test", "API.TEST"],
    ["10.0.0.7", "10.0.0.7"],
    ["api.test", "*"],
    ["localhost", ""],
    ["127.0.0.1", ""],
    ["[::1]", ""],
  ])("is not used for %s when NO_PROXY is %j", (host, no_proxy) => {
    expect(variable(`https://${host}`, { https_proxy: "http://proxy", no_proxy })).toBeUndefined();
  });

  it.each([
    ["api.test", "pi.test"],
    ["api.test", "api.test:8443"],
    ["api.test", "api"],
    ["api.test", "127.0.0.1,localhost"],
  ])("is used for %s when NO_PROXY is %j", (host, NO_PROXY) => {
    expect(variable(`https://${host}`, { https_proxy: "http://proxy", NO_PROXY })).toBe("https_proxy");
  });

  it.each(["ftp://proxy", "http://", "::", "http://me:100%@proxy"])("%j is refused with a hint", (https_proxy) => {
    const attempt = () => proxyFor("https://api.test", { env: { https_proxy } });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/https_proxy of the environment is not the URL of a proxy.*add api.test to NO_PROXY/);
  });
});
