import { describe, expect, it } from "vitest";
import { failure, localApi, pool, type RequestHandler, workPools } from "../support/local-api.ts";

/** Redirects the first request to a path, and responds at the target. */
const movedTo =
  (status: number, location: (path: string) => string): RequestHandler =>
  ({ path, method }, times) =>
    times === 1 && !path.startsWith("/new")
      ? { status, headers: { location: location(path) } }
      : { status: method === "POST" ? 201 : 200, json: pool };

describe("a redirect", () => {
  it.each([307, 308])(
    "%i to the same path but for a trailing slash is followed with the same method and body",
    async (status) => {
      const { api, requests } = await localApi(({ path }) =>
        path === "/api/work_pools/" || path === "/api/work_pools/etl"
          ? { status, headers: { location: path.endsWith("/") ? path.slice(0, -1) : `${path}/` } }
          : { status: 201, json: pool },
      );
      await workPools(api).create({ name: "etl" });
      await workPools(api).update("etl", { is_paused: true });
      expect(requests.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
        'POST /api/work_pools/ {"name":"etl"}',
        'POST /api/work_pools {"name":"etl"}',
        'PATCH /api/work_pools/etl {"is_paused":true}',
        'PATCH /api/work_pools/etl/ {"is_paused":true}',
      ]);
    },
  );

  it.each([301, 302, 303])("%i, which may change the method, is an error that names both URLs", async (status) => {
    const { api, requests, origin } = await localApi(movedTo(status, () => "/new/work_pools/"));
    const error = await failure(workPools(api).create({ name: "etl" }));
    expect(error).toMatchObject({ code: "redirected", status, mayHaveHappened: status === 303 });
    expect(error.message).toContain(
      `POST ${origin}/api/work_pools/: the server redirected it (${status}) to ${origin}/new/work_pools/`,
    );
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["another server", () => "http://127.0.0.2:1/api/work_pools/etl"],
    ["another object", () => "/api/work_pools/etl2"],
    ["another place of the same server", () => "/new/work_pools/etl"],
    ["another query", (path: string) => `${path}?x=1`],
    ["a login page", () => "/login?next=secret"],
    ["an invalid URL", () => "http://"],
  ])("to %s is not followed", async (_, location) => {
    const { api, requests } = await localApi(movedTo(307, location), { settings: { apiKey: "pnu_key" } });
    const error = await failure(workPools(api).read("etl"));
    expect(error.code).toBe("redirected");
    expect(error.message).not.toContain("secret");
    expect(requests).toHaveLength(1);
  });

  it("to the decoded path is not followed: it addresses another object", async () => {
    const { api, requests } = await localApi(movedTo(307, () => "/api/work_pools/a#b/"));
    expect(await failure(workPools(api).remove("a#b"))).toMatchObject({ code: "redirected" });
    expect(requests).toHaveLength(1);
  });

  it("to https is an error that says what to set", async () => {
    const { api, origin } = await localApi(({ headers, path }) => ({
      status: 308,
      headers: { location: `https://${headers.host}${path}` },
    }));
    const error = await failure(workPools(api).read("etl"));
    expect(error.message).toContain(
      `The server requires https: set apiUrl to ${origin.replace("http:", "https:")}/api.`,
    );
  });

  it("that never ends is an error", async () => {
    const { api, requests } = await localApi(({ path }) => ({
      status: 307,
      headers: { location: path.endsWith("/") ? path.slice(0, -1) : `${path}/` },
    }));
    expect(await failure(workPools(api).read("etl"))).toMatchObject({ code: "redirected" });
    expect(requests).toHaveLength(4);
  });
});
