import { describe, expect, it } from "vitest";
import {
  type FakeResponse,
  failure,
  localApi,
  pool,
  type RequestHandler,
  router404,
  workPools,
} from "../support/local-api.ts";

const ui: FakeResponse = { text: "<!DOCTYPE html>\n<html><head><title>Prefect Server</title></head></html>" };
const A = "9b2f7a52-5a47-4a2f-9f1b-1df3b5d0a001";

describe("the server's version", () => {
  it("is requested once, before the first request, also by concurrent calls", async () => {
    let versions = 0;
    const { api, requests } = await localApi(() => ({ json: pool }), {
      version: () => ({ json: ++versions === 1 ? "3.8.4" : "1.0.0" }),
    });
    await Promise.all(Array.from({ length: 10 }, () => workPools(api).read("etl")));
    expect(await api.version()).toBe("3.8.4");
    expect({ versions, requests: requests.length }).toEqual({ versions: 1, requests: 10 });
  });

  it("older than supported is refused before another request is sent", async () => {
    const { api, requests, origin } = await localApi(() => ({ json: pool }), { version: () => ({ json: "3.4.18" }) });
    const error = await failure(workPools(api).create({ name: "etl" }));
    expect(error).toMatchObject({ code: "unsupported", mayHaveHappened: false });
    expect(error.message).toBe(
      `The server at ${origin}/api is Prefect 3.4.18; 3.4.19 or newer is needed. Update the server. Nothing was changed.`,
    );
    expect(requests).toEqual([]);
  });

  it("is requested again after a failure", async () => {
    const { api } = await localApi(() => ({ json: pool }), {
      version: (_, times) => (times === 1 ? { status: 401 } : { json: "3.8.4" }),
    });
    expect(await failure(workPools(api).read("etl"))).toMatchObject({ code: "unauthorized" });
    expect(await workPools(api).read("etl")).toMatchObject({ id: pool.id });
  });

  it("with a known bug is one warning, and a newer one is a debug message", async () => {
    const knownBug = await localApi(() => ({ json: pool }), { version: () => ({ json: "3.7.3" }) });
    await workPools(knownBug.api).read("etl");
    await workPools(knownBug.api).read("etl");
    expect(knownBug.warnings).toEqual([
      expect.stringContaining("Prefect 3.7.3. Kubernetes workers of 3.7.1 to 3.7.6 keep a pool's old job template"),
    ]);
    const newer = await localApi(() => ({ json: pool }), { version: () => ({ json: "3.9.0" }) });
    await workPools(newer.api).read("etl");
    expect(newer.warnings).toEqual([]);
    expect(newer.debugLines).toContain("The server is Prefect 3.9.0, newer than what was tested.");
  });

  it.each([403, 404])("may be blocked by a gateway (%i) when the API is healthy", async (status) => {
    const { api } = await localApi(({ path }) => (path === "/api/health" ? { json: true } : { json: pool }), {
      version: () => ({ status, json: { detail: "Not Found" } }),
    });
    expect(await workPools(api).read("etl")).toMatchObject({ id: pool.id });
    expect(await api.version()).toBe("unknown");
  });
});

describe("a wrong URL", () => {
  it.each<[string, RequestHandler]>([
    ["pages", () => ui],
    ["the router's 404", () => router404],
    ["another service", () => ({ json: { hello: "world" } })],
    ["a proxy's 404", () => ({ status: 404, text: "<html><title>404</title></html>" })],
  ])("that responds with %s is an error, and no object counts as missing", async (_, handler) => {
    const { api, origin } = await localApi(handler, { version: handler, path: "/prefix" });
    const error = await failure(workPools(api).read("etl"));
    expect(error).toMatchObject({ code: "unreadable", url: `${origin}/prefix/api/admin/version` });
    expect(error.message).toContain("Is this the URL of a Prefect API");
    expect(error.message).toContain(`Did you mean ${origin}/api?`);
    expect((await failure(workPools(api).remove("etl"))).code).toBe("unreadable");
  });

  it("is corrected when the API is at the original path, without /api", async () => {
    const version: RequestHandler = ({ path }) => (path === "/prefect-api/admin/version" ? { json: "3.8.4" } : ui);
    const { api, requests, origin } = await localApi(() => ({ json: pool }), { version, path: "/prefect-api" });
    await workPools(api).read("etl");
    expect(requests.map(({ path }) => path)).toEqual(["/prefect-api/work_pools/etl"]);
    expect(api.url).toBe(`${origin}/prefect-api`);
  });
});

describe("Prefect Cloud", () => {
  const path = `/api/accounts/${A}/workspaces/${A}`;

  it("gets no request for its version", async () => {
    const { api, requests } = await localApi(() => ({ json: pool }), { path });
    await workPools(api).read("etl");
    expect(await api.version()).toBe("cloud");
    expect(requests.map(({ path: requested }) => requested)).toEqual([`${path}/work_pools/etl`]);
  });

  it("has a definite 404 only while the workspace exists", async () => {
    let there = true;
    const { api } = await localApi(
      (request) =>
        request.path.endsWith("/count") && there
          ? { json: 1 }
          : { status: 404, json: { detail: "Workspace not found" } },
      { path },
    );
    expect(await workPools(api).read("etl")).toBeUndefined();
    there = false;
    expect(await failure(workPools(api).read("etl"))).toMatchObject({ code: "unreadable" });
  });
});

describe("the server's clock", () => {
  it("is known from its latest response", async () => {
    const { api, time } = await localApi(() => ({ json: pool, headers: { date: "Sun, 01 Mar 2026 12:00:30 GMT" } }), {
      version: () => ({ json: "3.8.4", headers: { date: "Sun, 01 Mar 2026 11:59:00 GMT" } }),
    });
    expect(api.clockOffsetMs()).toBeUndefined();
    await api.version();
    expect(api.clockOffsetMs()).toBe(-60_000);
    await workPools(api).read("etl");
    expect(api.clockOffsetMs()).toBe(30_000);
    expect(time.now()).toBe(Date.parse("2026-03-01T12:00:00Z"));
  });
});
