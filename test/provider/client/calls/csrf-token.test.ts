import { describe, expect, it } from "vitest";
import { failure, localApi, pool, type ReceivedRequest, type RequestHandler, workPools } from "../support/local-api.ts";

describe("a server with CSRF protection", () => {
  /** As Prefect does it: a token belongs to a client, and every method but GET requires one. */
  function protectedApi(clock: { now(): number }, lifeMs = 3_600_000) {
    const tokens = new Map<string, string>();
    let issued = 0;
    const handler: RequestHandler = ({ method, path, headers }) => {
      const client = new URLSearchParams(path.split("?")[1]).get("client");
      if (client !== null) {
        tokens.set(client, `token-${++issued}`);
        return { json: { token: `token-${issued}`, client, expiration: new Date(clock.now() + lifeMs).toISOString() } };
      }
      if (method !== "GET" && headers["prefect-csrf-token"] === undefined)
        return { status: 403, json: { detail: "Missing CSRF token." } };
      if (method !== "GET" && tokens.get(String(headers["prefect-csrf-client"])) !== headers["prefect-csrf-token"]) {
        return { status: 403, json: { detail: "Invalid CSRF token or client identifier." } };
      }
      return method === "POST" ? { status: 201, json: pool } : { status: 204 };
    };
    return { handler, forget: () => tokens.clear() };
  }

  const steps = (requests: ReceivedRequest[]) =>
    requests.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "").replace("/api", "")}`);

  it("gets a request for a token after the first 403, and the token with all later writes", async () => {
    const { api, requests } = await localApi(protectedApi({ now: Date.now }).handler);
    await workPools(api).create({ name: "etl" });
    await workPools(api).update("etl", {});
    await workPools(api).remove("etl");
    expect(steps(requests)).toEqual([
      "POST /work_pools/",
      "GET /csrf-token",
      "POST /work_pools/",
      "PATCH /work_pools/etl",
      "DELETE /work_pools/etl",
    ]);
  });

  it("gets one request for a token from concurrent writes", async () => {
    const { api, requests } = await localApi(protectedApi({ now: Date.now }).handler);
    await Promise.all(Array.from({ length: 4 }, () => workPools(api).create({ name: "etl" })));
    expect(steps(requests).filter((step) => step === "GET /csrf-token")).toHaveLength(1);
  });

  it("does not get a request before every write when its clock says that a new token has expired", async () => {
    const { api, requests } = await localApi(protectedApi({ now: () => 0 }).handler);
    await workPools(api).create({ name: "etl" });
    await workPools(api).update("etl", {});
    expect(steps(requests)).toEqual([
      "POST /work_pools/",
      "GET /csrf-token",
      "POST /work_pools/",
      "PATCH /work_pools/etl",
    ]);
  });

  it("gets another request when it has forgotten the token", async () => {
    const { handler, forget } = protectedApi({ now: Date.now });
    const { api, requests } = await localApi(handler);
    await workPools(api).create({ name: "etl" });
    forget();
    await workPools(api).update("etl", {});
    expect(steps(requests).slice(3)).toEqual(["PATCH /work_pools/etl", "GET /csrf-token", "PATCH /work_pools/etl"]);
  });

  it("gets a request for a new token before the old one expires by the server's clock", async () => {
    // The server's Date header is that of the real clock; the client's clock is a fake one.
    const { api, requests, time } = await localApi(protectedApi({ now: Date.now }).handler);
    await workPools(api).create({ name: "etl" });
    time.advance(3_500_000);
    await workPools(api).update("etl", {});
    expect(steps(requests).slice(3)).toEqual(["PATCH /work_pools/etl"]);
    // The offset to the server's clock comes from the latest response; until the next one, the client's clock goes on.
    time.advance(3_590_000);
    await workPools(api).update("etl", {});
    expect(steps(requests).slice(4)).toEqual(["GET /csrf-token", "PATCH /work_pools/etl"]);
  });

  it.each<[string, RequestHandler]>([
    ["responds that it has none", () => ({ status: 422, json: { detail: "CSRF protection is disabled." } })],
    ["does not know the route", () => ({ status: 404, json: { detail: "Not Found" } })],
    ["responds with a page", () => ({ status: 200, text: "<html></html>" })],
  ])("is not assumed where the server %s: the 403 is the error, after one request", async (_, csrf) => {
    const { api, requests } = await localApi((request, times) =>
      request.path.includes("csrf-token")
        ? csrf(request, times)
        : { status: 403, json: { detail: "Work pools starting with 'Prefect' are reserved." } },
    );
    const error = await failure(workPools(api).create({ name: "Prefect-x" }));
    expect(error).toMatchObject({
      code: "forbidden",
      mayHaveHappened: false,
      attempts: 1,
      detail: "Work pools starting with 'Prefect' are reserved.",
    });
    expect(steps(requests)).toEqual(["POST /work_pools/", "GET /csrf-token"]);
  });

  it("that refuses the credentials leads to that error, not to one about the token", async () => {
    const { api } = await localApi(({ method }) =>
      method === "GET"
        ? { status: 401, json: { exception_message: "Unauthorized" } }
        : { status: 403, json: { detail: "Missing CSRF token." } },
    );
    expect(await failure(workPools(api).update("etl", {}))).toMatchObject({ code: "unauthorized" });
  });
});
