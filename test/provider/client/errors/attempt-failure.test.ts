import { describe, expect, it } from "vitest";
import type { PrefectApi } from "../../../../provider/client/index.ts";
import {
  absent,
  type FakeResponse,
  failure,
  localApi,
  pool,
  type RequestHandler,
  router404,
  workPools,
} from "../support/local-api.ts";

const create = (api: PrefectApi) => workPools(api).create({ name: "etl", type: "process" });
const read = (api: PrefectApi) => workPools(api).read("etl");
const update = (api: PrefectApi) => workPools(api).update("etl", { is_paused: true });
const remove = (api: PrefectApi) => workPools(api).remove("etl");

async function fail(handler: RequestHandler | FakeResponse, run: (api: PrefectApi) => Promise<unknown>) {
  const local = await localApi(typeof handler === "function" ? handler : () => handler);
  return { ...local, error: await failure(run(local.api)) };
}

const html: FakeResponse = { status: 200, text: "<!DOCTYPE html><html><head><title>Sign in</title></head></html>" };

describe("a refusal", () => {
  it.each<[number, string]>([
    [400, "invalid"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [405, "unreadable"],
    [409, "conflict"],
    [413, "invalid"],
    [422, "invalid"],
    [501, "server_fault"],
  ])("%i is %s, without a retry and without effect", async (status, code) => {
    const { error, requests, time } = await fail({ status, json: { detail: "No, sir." } }, create);
    expect(error).toMatchObject({ code, status, detail: "No, sir.", attempts: 1, mayHaveHappened: status >= 500 });
    expect(error.message).toContain("No, sir");
    expect(requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(time.waits).toEqual([]);
  });

  it("names method and URL and says what to do", async () => {
    const { error, origin } = await fail({ status: 401, json: { exception_message: "Unauthorized" } }, read);
    expect(error).toMatchObject({ method: "GET", url: `${origin}/api/work_pools/etl` });
    expect(error.message).toBe(
      `GET ${origin}/api/work_pools/etl: the server requires other credentials (401): Unauthorized. No credentials were sent. A self-hosted server requires user:password in authString or PREFECT_API_AUTH_STRING; Prefect Cloud requires apiKey or PREFECT_API_KEY; a proxy may require customHeaders.`,
    );
  });

  it("of fields names them by path, without their values", async () => {
    const body = { name: "etl", concurrency_limit: -1, frob: { a: "hunter2secret" } };
    const problems = [
      {
        type: "greater_than_equal",
        loc: ["body", "concurrency_limit"],
        msg: "Input should be greater than or equal to 0",
        input: -1,
      },
      {
        type: "extra_forbidden",
        loc: ["body", "frob", 0, "a b"],
        msg: "Extra 'hunter2secret' not permitted",
        input: "hunter2secret",
      },
    ];
    const { error } = await fail(
      {
        status: 422,
        json: { exception_message: "Invalid request received.", exception_detail: problems, request_body: body },
      },
      (api) => workPools(api).create(body),
    );
    expect(error.fields).toEqual([
      { path: "concurrency_limit", reason: "Input should be greater than or equal to 0" },
      { path: 'frob[0]["a b"]', reason: "Extra '[redacted]' not permitted" },
    ]);
    expect(error.message).toContain("concurrency_limit: Input should be greater than or equal to 0; frob[0]");
    expect(JSON.stringify(error) + error.message + String(error.stack)).not.toContain("hunter2");
  });

  it("in FastAPI's own format is read, too", async () => {
    const { error } = await fail(
      { status: 422, json: { detail: [{ loc: ["body", "name"], msg: "Field required" }] } },
      create,
    );
    expect(error.fields).toEqual([{ path: "name", reason: "Field required" }]);
  });

  it("that is no API's is shown without its values", async () => {
    const { error } = await fail({ status: 400, json: { error: { token: "abcdef" } } }, create);
    expect(error.detail).toBe('{"error":{"token":"…"}}');
  });
});

describe("a missing object", () => {
  it("is a 404 of the API itself, in both of its formats", async () => {
    for (const json of [{ detail: "work queue not found" }, { exception_message: "not found" }]) {
      const { api } = await localApi(() => ({ status: 404, json }));
      expect(await read(api)).toBeUndefined();
    }
  });

  it.each<[string, FakeResponse]>([
    ["a proxy's page", { status: 404, text: "<html><title>404 Not Found</title></html>" }],
    ["a proxy's JSON", { status: 404, json: { message: "no Route matched with those values" } }],
    ["a text", { status: 404, text: "404 page not found\n", headers: { "content-type": "text/plain" } }],
    ["an empty response", { status: 404 }],
    ["a refusal", { status: 403, json: { detail: "Forbidden" } }],
  ])("is not %s", async (_, reply) => {
    const { error } = await fail(reply, read);
    expect(error.code).toBe(reply.status === 403 ? "forbidden" : "unreadable");
    const removed = await fail(reply, remove);
    expect(removed.error.code).toBe(error.code);
  });

  it("is the router's 404 only while the API itself is at the URL", async () => {
    let versions = 0;
    const version: RequestHandler = () => (++versions > 2 ? router404 : { json: "3.8.4" });
    const { api } = await localApi(() => router404, { version });
    expect(await read(api)).toBeUndefined();
    const error = await failure(read(api));
    expect(error.code).toBe("unreadable");
    expect(error.message).toContain("the server knows no such path (404)");
  });

  it("is an error for an update", async () => {
    const { error } = await fail(absent, update);
    expect(error).toMatchObject({ code: "not_found", mayHaveHappened: false, detail: 'Work pool "etl" not found.' });
  });
});

describe("a create", () => {
  it.each<[string, FakeResponse | "cut", string]>([
    ["500", { status: 500, json: { exception_message: "Internal Server Error" } }, "server_fault"],
    ["502", { status: 502, text: "<html><title>502 Bad Gateway</title></html>" }, "unavailable"],
    ["504", { status: 504, text: "<html></html>" }, "unavailable"],
    ["a lost response", "cut", "network"],
    ["half a response", { status: 201, json: pool, half: true }, "network"],
    ["a page", html, "unreadable"],
    ["a response that is not JSON", { status: 201, text: "created" }, "unreadable"],
    ["a response without an id", { status: 201, json: { ...pool, id: undefined } }, "unreadable"],
  ])("is sent once when it ends in %s, and may have happened", async (_, reply, code) => {
    const { error, requests } = await fail(() => reply, create);
    expect(error).toMatchObject({ code, mayHaveHappened: true, attempts: 1 });
    expect(requests).toHaveLength(1);
  });

  it("that is a conflict after a 503 may have happened", async () => {
    const { error } = await fail(
      (_, times) => (times === 1 ? { status: 503 } : { status: 409, json: { detail: "exists" } }),
      create,
    );
    expect(error).toMatchObject({ code: "conflict", attempts: 2, mayHaveHappened: true });
  });
});

describe("an idempotent request", () => {
  it.each<[string, FakeResponse | "cut"]>([
    ["500", { status: 500, json: { exception_message: "Internal Server Error" } }],
    ["502", { status: 502, text: "<html></html>" }],
    ["503", { status: 503, json: { exception_message: "Service Unavailable" } }],
    ["504", { status: 504 }],
    ["429", { status: 429, json: { detail: "slow down" } }],
    ["408", { status: 408 }],
    ["a cut connection", "cut"],
    ["half a response", { json: pool, half: true }],
  ])("is retried after %s: reads, updates, deletes", async (_, reply) => {
    const { api, requests, time } = await localApi(({ method }, times) => {
      if (times === 1) return reply;
      return method === "GET" ? { json: pool } : { status: 204 };
    });
    expect(await read(api)).toMatchObject({ id: pool.id });
    await update(api);
    expect(await remove(api)).toBe(true);
    expect(requests.map(({ method }) => method)).toEqual(["GET", "GET", "PATCH", "PATCH", "DELETE", "DELETE"]);
    expect(time.waits).toEqual([150, 150, 150]);
  });

  it("fails when the error persists", async () => {
    const { error, requests } = await fail(
      { status: 500, json: { exception_message: "Internal Server Error" } },
      update,
    );
    expect(error).toMatchObject({ code: "server_fault", attempts: 3, mayHaveHappened: true });
    expect(error.message).toContain("It was sent 3 times. This is an error in the server: see its log.");
    expect(requests).toHaveLength(3);
  });

  it("that deletes and whose response was lost has deleted an object that is then missing", async () => {
    const { api } = await localApi((_, times) => (times === 1 ? "cut" : absent));
    expect(await remove(api)).toBe(true);
  });

  it("is no success with a page as its response, also where the response has no content", async () => {
    const { error } = await fail(html, remove);
    expect(error.code).toBe("unreadable");
    expect(error.detail).toBe('an HTML page titled "Sign in"');
    expect(error.message).toContain("Is this the URL of a Prefect API");
  });

  it("with an unreadable response shows its outline, without values", async () => {
    const { error } = await fail(
      { json: { ...pool, created: 17, base_job_template: { env: { PASSWORD: "hunter2" } } } },
      read,
    );
    expect(error.message).toContain("at created (expected string)");
    expect(error.detail).toContain('"env":{"PASSWORD":"…"}');
    expect(error.message).not.toContain("hunter2");
  });
});
