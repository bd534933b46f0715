import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect, resolveSettings } from "../../../../provider/client/index.ts";
import type { RawSettings } from "../../../../provider/client/settings/resolve-settings.ts";
import { FakeTime } from "../support/fake-time.ts";
import { EMPTY_ENVIRONMENT, failure, localApi, pool, workPools } from "../support/local-api.ts";
import { selfSigned } from "../support/self-signed.ts";

function client(settings: RawSettings, files: { [path: string]: string } = {}) {
  const environment = { env: {}, readFile: (path: string) => files[path] ?? EMPTY_ENVIRONMENT.readFile() };
  const time = new FakeTime();
  const api = connect(resolveSettings(settings, environment), {}, time);
  onTestFinished(() => api.close());
  return { api, time };
}

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

describe("a server that cannot be reached", () => {
  it("is an error within seconds, with the source of its URL", async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { api, time } = client({ apiUrl: `http://127.0.0.1:${port}` });
    const error = await failure(workPools(api).create({ name: "etl" }));
    expect(error).toMatchObject({ code: "network", reason: "ECONNREFUSED", mayHaveHappened: false, attempts: 4 });
    expect(error.message).toBe(
      `GET http://127.0.0.1:${port}/api/admin/version: the connection to the server could not be established (ECONNREFUSED). It was sent 4 times. Nothing listens there: is the server running? The URL came from apiUrl, given in the configuration.`,
    );
    expect(time.waits).toEqual([150, 300, 600]);
  });

  it("is reached by a retry after it has started", async () => {
    const { api, requests } = await localApi((_, times) => (times === 1 ? "cut" : { json: pool }), {
      version: (_, times) => (times < 3 ? "cut" : { json: "3.8.4" }),
    });
    expect(await workPools(api).read("etl")).toMatchObject({ id: pool.id });
    expect(requests).toHaveLength(2);
  });

  it("is not retried when its host name cannot be resolved", async () => {
    const { api, time } = client({ apiUrl: "http://no-such-host.invalid" });
    const error = await failure(workPools(api).read("etl"));
    expect(error).toMatchObject({ code: "network", mayHaveHappened: false });
    expect(error.message).toContain("The host name cannot be resolved.");
    expect(time.waits.length).toBeLessThanOrEqual(3);
  });

  it("is an error when it does not speak HTTP", async () => {
    const port = await listening(
      net.createServer(
        (socket) =>
          void socket
            .on("error", () => {})
            .resume()
            .end("SSH-2.0-OpenSSH_9.6\r\n"),
      ),
    );
    const { api } = client({ apiUrl: `http://127.0.0.1:${port}` });
    const error = await failure(workPools(api).read("etl"));
    expect(error.code).toBe("network");
    expect(error.message).toContain("does not speak HTTP");
  });
});

describe("TLS", () => {
  const { key, cert } = selfSigned();
  const secure = () =>
    https.createServer({ key, cert }, (_, response) =>
      response.setHeader("content-type", "application/json").end('"3.8.4"'),
    );
  const url = async () => `https://127.0.0.1:${await listening(secure())}`;

  it("refuses an untrusted certificate, and says what to set", async () => {
    const { api, time } = client({ apiUrl: await url() });
    const error = await failure(api.version());
    expect(error).toMatchObject({ code: "network", mayHaveHappened: false, attempts: 1 });
    expect(error.message).toMatch(/not trusted.*caFile or PREFECT_API_SSL_CERT_FILE/);
    expect(time.waits).toEqual([]);
  });

  it("trusts the authorities of caFile", async () => {
    const { api } = client({ apiUrl: await url(), caFile: "/ca.pem" }, { "/ca.pem": cert });
    expect(await api.version()).toBe("3.8.4");
  });

  it("does not trust other authorities than those of caFile and the built-in ones", async () => {
    const { api } = client({ apiUrl: await url(), caFile: "/ca.pem" }, { "/ca.pem": selfSigned().cert });
    expect(await failure(api.version())).toMatchObject({ code: "network", attempts: 1 });
  });

  it("accepts any certificate with insecureSkipVerify", async () => {
    const { api } = client({ apiUrl: await url(), insecureSkipVerify: true });
    expect(await api.version()).toBe("3.8.4");
  });

  it("to a server without TLS, and no TLS to one with it, is an error", async () => {
    const plain = await listening(http.createServer((_, response) => response.end('"3.8.4"')));
    const toPlain = await failure(client({ apiUrl: `https://127.0.0.1:${plain}` }).api.version());
    expect(toPlain.message).toContain("should the URL begin with http://?");
    const toSecure = await failure(client({ apiUrl: (await url()).replace("https", "http") }).api.version());
    expect(toSecure.code).toBe("network");
    expect(toSecure.mayHaveHappened).toBe(false);
  });
});

describe("connections", () => {
  it("are reused for later requests", async () => {
    const ports = new Set<number | undefined>();
    const server = http.createServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.setHeader("content-type", "application/json");
      response.end(request.url?.endsWith("version") ? '"3.8.4"' : JSON.stringify(pool));
    });
    const { api } = client({ apiUrl: `http://127.0.0.1:${await listening(server)}` });
    for (let count = 0; count < 20; count++) await workPools(api).read("etl");
    // The second one is opened while undici returns the first one to its pool.
    expect(ports.size).toBeLessThanOrEqual(2);
    await api.close();
  });
});
