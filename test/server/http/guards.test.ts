import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../server/index.ts";
import { apiOn } from "../support/api.ts";

let store: Store;

beforeAll(async () => {
  store = await openStore("memory");
});

afterAll(() => store.close());

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

describe("with an auth string", () => {
  it("only who brings it gets through, by Basic and in full", async () => {
    const api = apiOn(store, { authString: "admin:päss" });
    for (const headers of [
      {},
      basic("admin:pass"),
      basic("admin:päss "),
      { authorization: "Basic" },
      { authorization: `Bearer ${Buffer.from("admin:päss").toString("base64")}` },
      { authorization: `${basic("admin:päss").authorization} x` },
    ]) {
      expect(await api.get("/hello", headers)).toMatchObject({
        status: 401,
        body: { exception_message: "Unauthorized" },
      });
    }
    expect((await api.get("/hello", basic("admin:päss"))).status).toBe(200);
  });

  it("probes stay open, and nothing that only looks like one", async () => {
    const api = apiOn(store, { authString: "a:b" });
    expect((await api.get("/health")).status).toBe(200);
    expect((await api.get("/ready")).status).toBe(200);
    expect((await api.post("/health")).status).toBe(401);
    expect((await api.get("/variables/name/health")).status).toBe(401);
    expect((await api.get("/health/")).status).toBe(401);
    expect((await api.get("/nothing")).status).toBe(401);
  });
});

describe("with CSRF protection", () => {
  it("a write needs the token that its client was given", async () => {
    const api = apiOn(store, { csrfProtection: true, csrfTokenLifetimeSeconds: 60 });
    const body = { name: "csrf", limit: 1 };
    const post = (headers: Record<string, string>) => api.post("/v2/concurrency_limits/filter", body, headers);
    expect(await post({})).toMatchObject({ status: 403, body: { detail: "Missing CSRF token." } });
    expect(await post({ "prefect-csrf-token": "x" })).toMatchObject({ body: { detail: "Missing client identifier." } });
    const client = randomUUID();
    const { token } = (await api.get(`/csrf-token?client=${client}`)).body as { token: string };
    const good = { "prefect-csrf-token": token, "prefect-csrf-client": client };
    expect((await post({ ...good, "prefect-csrf-token": "x" })).status).toBe(403);
    expect((await post({ ...good, "prefect-csrf-client": randomUUID() })).status).toBe(403);
    expect((await post(good)).status).toBe(200);
    expect((await api.get("/hello")).status).toBe(200);
    api.clock.advance(60);
    expect((await post(good)).status).toBe(403);
  });

  it("comes before the auth string, as upstream stacks them", async () => {
    const api = apiOn(store, { csrfProtection: true, authString: "a:b" });
    expect((await api.post("/work_pools/filter")).status).toBe(403);
    expect((await api.get("/hello")).status).toBe(401);
  });

  it("that is off says so in the words that clients look for", async () => {
    const api = apiOn(store);
    expect(await api.get("/csrf-token?client=x")).toMatchObject({
      status: 422,
      body: { detail: "CSRF protection is disabled." },
    });
  });
});

describe("the API version header", () => {
  it.each([
    ["0.8.0", 200],
    ["0.8.4", 200],
    ["1.0.0", 200],
    ["0.7.9", 400],
    ["0.8", 400],
    ["a.b.c", 400],
    ["", 200],
  ])("%j is answered with %i", async (version, status) => {
    const api = apiOn(store);
    expect((await api.get("/hello", { "x-prefect-api-version": version })).status).toBe(status);
    expect((await api.get("/health", { "x-prefect-api-version": version })).status).toBe(200);
  });
});

describe("paths", () => {
  it("with a slash too much or too few are redirected, the query with them", async () => {
    const api = apiOn(store);
    const few = await api.app.inject({ method: "POST", url: "/api/work_pools?a=1", headers: { host: "x.example:1" } });
    expect(few.statusCode).toBe(307);
    expect(few.headers.location).toBe("http://x.example:1/api/work_pools/?a=1");
    const much = await api.app.inject({ url: "/api/work_pools/p/" });
    expect(much.headers.location).toMatch(/\/api\/work_pools\/p$/);
  });

  it("are answered with 405 under another method, and 404 when nothing is there", async () => {
    const api = apiOn(store);
    expect(await api.patch("/work_pools/filter/x", {})).toMatchObject({ status: 404, body: { detail: "Not Found" } });
    const wrong = await api.patch("/health", {});
    expect(wrong).toMatchObject({ status: 405, body: { detail: "Method Not Allowed" } });
    expect(wrong.headers.allow).toBe("GET");
    expect((await api.get("/work_queues/not-a-uuid")).status).toBe(404);
    expect((await api.get("/work_pools/a%2Fb")).body).toEqual({ detail: "Not Found" });
    expect((await api.get("/work_pools/%")).status).toBe(400);
  });

  it("take names of any length and any letters", async () => {
    const api = apiOn(store);
    const name = `${"long ".repeat(300)}#?ü😀.`;
    expect((await api.post("/work_pools/", { name, type: "process" })).status).toBe(201);
    expect((await api.get(`/work_pools/${encodeURIComponent(name)}`)).body).toMatchObject({ name });
  });
});

describe("bodies", () => {
  it("that are no JSON are refused, and shown again", async () => {
    const api = apiOn(store);
    const response = await api.app.inject({
      method: "POST",
      url: "/api/work_pools/",
      headers: { "content-type": "application/json" },
      payload: '{"name": ',
    });
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({
      exception_message: "Invalid request received.",
      exception_detail: [{ type: "json_invalid", msg: "JSON decode error" }],
      request_body: '{"name": ',
    });
  });

  it("without a content type are read as JSON, and of another type are no model", async () => {
    const api = apiOn(store);
    const send = (headers: Record<string, string>) =>
      api.app.inject({ method: "POST", url: "/api/work_pools/count", headers, payload: '{"work_pools": {"x": 1}}' });
    expect((await send({})).statusCode).toBe(422);
    expect((await send({ "content-type": "application/vnd.api+json" })).statusCode).toBe(422);
    expect((await send({ "content-type": "text/plain" })).statusCode).toBe(200);
  });

  it("over the limit are refused with 413", async () => {
    const api = apiOn(store, { bodyLimitBytes: 1000 });
    expect((await api.post("/work_pools/filter", { x: "y".repeat(1000) })).status).toBe(413);
  });

  it("with __proto__ in a document keep it, and change nobody's prototype", async () => {
    const api = apiOn(store);
    const text = '{"name": "proto", "storage_configuration": {"bundle_upload_step": {"__proto__": {"polluted": 1}}}}';
    const response = await api.app.inject({
      method: "POST",
      url: "/api/work_pools/",
      headers: { "content-type": "application/json" },
      payload: text,
    });
    expect(response.statusCode).toBe(201);
    expect(response.body).toContain('"bundle_upload_step":{"__proto__":{"polluted":1}}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    const stray = await api.app.inject({
      method: "POST",
      url: "/api/work_pools/",
      headers: { "content-type": "application/json" },
      payload: '{"name": "proto2", "__proto__": {"type": "x"}}',
    });
    expect(stray.statusCode).toBe(422);
  });

  it("nested a hundred thousand deep are answered, not a crash", async () => {
    const api = apiOn(store);
    const nested = '{"a":['.repeat(50_000);
    const deep = `{"name": "deep", "storage_configuration": {"bundle_upload_step": {"x": ${nested}`;
    const response = await api.app.inject({
      method: "POST",
      url: "/api/work_pools/",
      headers: { "content-type": "application/json" },
      payload: `${deep}1${"]}".repeat(50_000)}}}}`,
    });
    expect(response.statusCode).toBe(400);
  });

  it("nested a few hundred deep are kept, and brackets in text don't count", async () => {
    const api = apiOn(store);
    const value = `${"[".repeat(490)}"${"{[".repeat(1000)}"${"]".repeat(490)}`;
    const response = await api.app.inject({
      method: "POST",
      url: "/api/variables/",
      headers: { "content-type": "application/json" },
      payload: `{"name": "deep", "value": ${value}}`,
    });
    expect(response.statusCode).toBe(201);
    expect(response.body).toContain(`"value":${value}`);
  });

  it("with a wrong value show type, place and input as pydantic does", async () => {
    const api = apiOn(store);
    const answer = await api.post("/work_pools/filter", { work_pools: { id: { any_: [1] }, x: 1 }, offset: -1 });
    expect(answer.body).toEqual({
      exception_message: "Invalid request received.",
      exception_detail: [
        {
          type: "uuid_type",
          loc: ["body", "work_pools", "id", "any_", 0],
          msg: "UUID input should be a string, bytes or UUID object",
          input: 1,
        },
        { type: "extra_forbidden", loc: ["body", "work_pools", "x"], msg: "Extra inputs are not permitted", input: 1 },
        {
          type: "greater_than_equal",
          loc: ["body", "offset"],
          msg: "Input should be greater than or equal to 0",
          input: -1,
          ctx: { ge: 0 },
        },
      ],
      request_body: { work_pools: { id: { any_: [1] }, x: 1 }, offset: -1 },
    });
  });
});
