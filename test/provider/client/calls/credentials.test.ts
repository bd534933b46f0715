import { describe, expect, it } from "vitest";
import { type Answering, type Asked, failure, localApi, pool, workPools } from "../support/local-api.ts";

describe("credentials", () => {
  it("are sent as Prefect sends them: an API key as bearer, an auth string as basic and before it", async () => {
    const sent = async (given: object, path?: string) => {
      const { api, asked } = await localApi(() => ({ json: pool }), { given, ...(path === undefined ? {} : { path }) });
      await workPools(api).read("etl");
      return asked[0]?.headers;
    };
    expect((await sent({}))?.authorization).toBeUndefined();
    expect((await sent({ apiKey: "pnu_key" }))?.authorization).toBe("Bearer pnu_key");
    const basic = `Basic ${Buffer.from("me:pä:ss").toString("base64")}`;
    expect((await sent({ apiKey: "pnu_key", authString: "me:pä:ss" }))?.authorization).toBe(basic);
    expect(
      await sent({ apiKey: "pnu_key", customHeaders: { Authorization: "Bearer proxy", "X-Team": "data" } }),
    ).toMatchObject({
      authorization: "Bearer proxy",
      "x-team": "data",
      accept: "application/json",
    });
  });

  it("from the URL are sent, and the URL is shown without them", async () => {
    const { origin, asked } = await localApi(() => ({ json: pool }));
    const given = { apiUrl: origin.replace("http://", "http://me:p%40ss@") };
    const { api, said } = await localApi(() => ({ json: pool }), { given });
    expect(api.url).toBe(`${origin}/api`);
    await workPools(api).read("etl");
    expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from("me:p@ss").toString("base64")}`);
    expect(said.join()).not.toMatch(/me:|p%40ss|p@ss/);
  });

  it("are told by their source when they are refused, and never by their value", async () => {
    const { api } = await localApi(() => ({ status: 401, json: { exception_message: "Unauthorized" } }), {
      given: { authString: "me:hunter2" },
    });
    const error = await failure(workPools(api).read("etl"));
    expect(error.message).toContain("Sent was authString, given in the configuration.");
    expect(error.message).not.toContain("hunter2");
  });
});

describe("no secret", () => {
  const planted = ["pnu_planted_key", "planted-password", "planted-header", "planted-leaf", "planted'in\"array"];
  const given = { apiKey: planted[0], authString: `me:${planted[1]}`, customHeaders: { "x-secret": planted[2] ?? "" } };
  const body = {
    name: "etl",
    base_job_template: { job_configuration: { env: { A: planted[3] ?? "" }, list: [planted[4] ?? ""] } },
  };
  /** Everything that was sent, told back. */
  const everything = ({ headers, body: sent }: Asked) =>
    `${JSON.stringify(headers)} ${sent} ${decode(headers.authorization)}`;
  const decode = (header = "") => Buffer.from(header.split(" ")[1] ?? "", "base64").toString();

  it.each<[string, Answering]>([
    ["a detail", (asked) => ({ status: 400, json: { detail: everything(asked) } })],
    ["an exception", (asked) => ({ status: 500, json: { exception_message: everything(asked) } })],
    [
      "fields",
      (asked) => ({
        status: 422,
        json: {
          exception_message: "x",
          exception_detail: [{ loc: ["body"], msg: everything(asked) }],
          request_body: asked.body,
        },
      }),
    ],
    ["a page", (asked) => ({ status: 502, text: `<html><title>${everything(asked)}</title>` })],
    ["a text", (asked) => ({ status: 502, text: everything(asked), headers: { "content-type": "text/plain" } })],
    [
      "a success that is none",
      (asked) => ({ status: 201, text: `${everything(asked)}`, headers: { "content-type": "text/plain" } }),
    ],
    ["a success of another shape", (asked) => ({ status: 201, json: { echo: JSON.parse(asked.body) } })],
    ["a redirect", (asked) => ({ status: 302, headers: { location: `/x?${encodeURIComponent(asked.body)}` } })],
    [
      "a python repr",
      (asked) => ({
        status: 409,
        json: { detail: `{'A': '${planted[3]}', 'l': ['planted\\'in"array'], 'h': '${asked.headers["x-secret"]}'}` },
      }),
    ],
  ])("that a server repeats in %s comes into errors, their causes or debug lines", async (_, answer) => {
    const { api, said } = await localApi(answer, { given });
    const error = await failure(workPools(api).create(body));
    const told = [error.message, error.stack, JSON.stringify(error), String(error.cause), ...said].join("\n");
    const spellings = planted.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
    expect(spellings.filter((secret) => told.includes(secret))).toEqual([]);
    expect(told).not.toContain(Buffer.from(`me:${planted[1]}`).toString("base64"));
    expect(told).not.toContain('in"array');
  });

  it("stands in the cause of a broken connection", async () => {
    const { api } = await localApi(() => "cut", { given });
    const error = await failure(workPools(api).create(body));
    expect(String(error.cause)).toMatch(/^Error: /);
    expect(String(error.cause) + String((error.cause as Error).stack)).not.toContain("planted");
  });
});

describe("a server with CSRF protection", () => {
  /** As Prefect does it: tokens belong to a client, and every method but GET needs one. */
  function protectedApi(clock: { now(): number }, lifeMs = 3_600_000) {
    const tokens = new Map<string, string>();
    let issued = 0;
    const answer: Answering = ({ method, path, headers }) => {
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
    return { answer, forget: () => tokens.clear() };
  }

  const steps = (asked: Asked[]) =>
    asked.map(({ method, path }) => `${method} ${path.replace(/\?.*/, "").replace("/api", "")}`);

  it("is asked for a token at the first 403, which all later writes carry", async () => {
    const { api, asked } = await localApi(protectedApi({ now: Date.now }).answer);
    await workPools(api).create({ name: "etl" });
    await workPools(api).update("etl", {});
    await workPools(api).remove("etl");
    expect(steps(asked)).toEqual([
      "POST /work_pools/",
      "GET /csrf-token",
      "POST /work_pools/",
      "PATCH /work_pools/etl",
      "DELETE /work_pools/etl",
    ]);
  });

  it("is asked once by many writes at the same time", async () => {
    const { api, asked } = await localApi(protectedApi({ now: Date.now }).answer);
    await Promise.all(Array.from({ length: 4 }, () => workPools(api).create({ name: "etl" })));
    expect(steps(asked).filter((step) => step === "GET /csrf-token")).toHaveLength(1);
  });

  it("is not asked before every write when its clock says that fresh tokens are old", async () => {
    const { api, asked } = await localApi(protectedApi({ now: () => 0 }).answer);
    await workPools(api).create({ name: "etl" });
    await workPools(api).update("etl", {});
    expect(steps(asked)).toEqual([
      "POST /work_pools/",
      "GET /csrf-token",
      "POST /work_pools/",
      "PATCH /work_pools/etl",
    ]);
  });

  it("is asked again when it has forgotten the token", async () => {
    const { answer, forget } = protectedApi({ now: Date.now });
    const { api, asked } = await localApi(answer);
    await workPools(api).create({ name: "etl" });
    forget();
    await workPools(api).update("etl", {});
    expect(steps(asked).slice(3)).toEqual(["PATCH /work_pools/etl", "GET /csrf-token", "PATCH /work_pools/etl"]);
  });

  it("is asked for a new token before the old one is too old, by the server's clock", async () => {
    // The server's Date header is of the real clock, and the client's own clock stands elsewhere.
    const { api, asked, time } = await localApi(protectedApi({ now: Date.now }).answer);
    await workPools(api).create({ name: "etl" });
    time.advance(3_500_000);
    await workPools(api).update("etl", {});
    expect(steps(asked).slice(3)).toEqual(["PATCH /work_pools/etl"]);
    // One answer tells the client what the server's clock says; without one, its own goes on.
    time.advance(3_590_000);
    await workPools(api).update("etl", {});
    expect(steps(asked).slice(4)).toEqual(["GET /csrf-token", "PATCH /work_pools/etl"]);
  });

  it.each<[string, Answering]>([
    ["says that it has none", () => ({ status: 422, json: { detail: "CSRF protection is disabled." } })],
    ["does not know the route", () => ({ status: 404, json: { detail: "Not Found" } })],
    ["shows a page", () => ({ status: 200, text: "<html></html>" })],
  ])("is not assumed where the server %s: the 403 stands, after one question", async (_, csrf) => {
    const { api, asked } = await localApi((one, times) =>
      one.path.includes("csrf-token")
        ? csrf(one, times)
        : { status: 403, json: { detail: "Work pools starting with 'Prefect' are reserved." } },
    );
    const error = await failure(workPools(api).create({ name: "Prefect-x" }));
    expect(error).toMatchObject({
      code: "forbidden",
      mayHaveHappened: false,
      attempts: 1,
      detail: "Work pools starting with 'Prefect' are reserved.",
    });
    expect(steps(asked)).toEqual(["POST /work_pools/", "GET /csrf-token"]);
  });

  it("and other credentials says so, and not that a token is missing", async () => {
    const { api } = await localApi(({ method }) =>
      method === "GET"
        ? { status: 401, json: { exception_message: "Unauthorized" } }
        : { status: 403, json: { detail: "Missing CSRF token." } },
    );
    expect(await failure(workPools(api).update("etl", {}))).toMatchObject({ code: "unauthorized" });
  });
});
