import { describe, expect, it } from "vitest";
import type { PrefectApi } from "../../../../provider/client/index.ts";
import {
  type Answering,
  absent,
  failure,
  localApi,
  pool,
  type Reply,
  router404,
  workPools,
} from "../support/local-api.ts";

const create = (api: PrefectApi) => workPools(api).create({ name: "etl", type: "process" });
const read = (api: PrefectApi) => workPools(api).read("etl");
const update = (api: PrefectApi) => workPools(api).update("etl", { is_paused: true });
const remove = (api: PrefectApi) => workPools(api).remove("etl");

async function fail(answer: Answering | Reply, run: (api: PrefectApi) => Promise<unknown>) {
  const local = await localApi(typeof answer === "function" ? answer : () => answer);
  return { ...local, error: await failure(run(local.api)) };
}

const html: Reply = { status: 200, text: "<!DOCTYPE html><html><head><title>Sign in</title></head></html>" };

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
  ])("%i is %s, at once and with nothing done", async (status, code) => {
    const { error, asked, time } = await fail({ status, json: { detail: "No, sir." } }, create);
    expect(error).toMatchObject({ code, status, detail: "No, sir.", attempts: 1, mayHaveHappened: status >= 500 });
    expect(error.message).toContain("No, sir");
    expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(time.waits).toEqual([]);
  });

  it("names method and URL and says what to do", async () => {
    const { error, origin } = await fail({ status: 401, json: { exception_message: "Unauthorized" } }, read);
    expect(error).toMatchObject({ method: "GET", url: `${origin}/api/work_pools/etl` });
    expect(error.message).toBe(
      `GET ${origin}/api/work_pools/etl: the server wants other credentials (401): Unauthorized. No credentials were sent. A server of your own wants user:password in authString or PREFECT_API_AUTH_STRING; Prefect Cloud wants apiKey or PREFECT_API_KEY; a proxy may want customHeaders.`,
    );
  });

  it("of single fields names them by path, and repeats no value", async () => {
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

  it("in FastAPI's own form is read, too", async () => {
    const { error } = await fail(
      { status: 422, json: { detail: [{ loc: ["body", "name"], msg: "Field required" }] } },
      create,
    );
    expect(error.fields).toEqual([{ path: "name", reason: "Field required" }]);
  });

  it("by something else is shown without its values", async () => {
    const { error } = await fail({ status: 400, json: { error: { token: "abcdef" } } }, create);
    expect(error.detail).toBe('{"error":{"token":"…"}}');
  });
});

describe("a missing object", () => {
  it("is what the API itself says of that object, in both its dialects", async () => {
    for (const json of [{ detail: "work queue not found" }, { exception_message: "not found" }]) {
      const { api } = await localApi(() => ({ status: 404, json }));
      expect(await read(api)).toBeUndefined();
    }
  });

  it.each<[string, Reply]>([
    ["a proxy's page", { status: 404, text: "<html><title>404 Not Found</title></html>" }],
    ["a proxy's JSON", { status: 404, json: { message: "no Route matched with those values" } }],
    ["a text", { status: 404, text: "404 page not found\n", headers: { "content-type": "text/plain" } }],
    ["an empty answer", { status: 404 }],
    ["a refusal", { status: 403, json: { detail: "Forbidden" } }],
  ])("is not %s", async (_, reply) => {
    const { error } = await fail(reply, read);
    expect(error.code).toBe(reply.status === 403 ? "forbidden" : "unreadable");
    const removed = await fail(reply, remove);
    expect(removed.error.code).toBe(error.code);
  });

  it("is the router's bare 404 only while the API itself answers at the address", async () => {
    let versions = 0;
    const version: Answering = () => (++versions > 2 ? router404 : { json: "3.8.4" });
    const { api } = await localApi(() => router404, { version });
    expect(await read(api)).toBeUndefined();
    const error = await failure(read(api));
    expect(error.code).toBe("unreadable");
    expect(error.message).toContain("the server knows no such path (404)");
  });

  it("is an error for a change", async () => {
    const { error } = await fail(absent, update);
    expect(error).toMatchObject({ code: "not_found", mayHaveHappened: false, detail: 'Work pool "etl" not found.' });
  });
});

describe("a create", () => {
  it.each<[string, Reply | "cut", string]>([
    ["500", { status: 500, json: { exception_message: "Internal Server Error" } }, "server_fault"],
    ["502", { status: 502, text: "<html><title>502 Bad Gateway</title></html>" }, "unavailable"],
    ["504", { status: 504, text: "<html></html>" }, "unavailable"],
    ["a lost answer", "cut", "network"],
    ["half an answer", { status: 201, json: pool, half: true }, "network"],
    ["a page", html, "unreadable"],
    ["an answer that is not JSON", { status: 201, text: "created" }, "unreadable"],
    ["an answer without an id", { status: 201, json: { ...pool, id: undefined } }, "unreadable"],
  ])("is sent once when it ends in %s, and may have happened", async (_, reply, code) => {
    const { error, asked } = await fail(() => reply, create);
    expect(error).toMatchObject({ code, mayHaveHappened: true, attempts: 1 });
    expect(asked).toHaveLength(1);
  });

  it("that was refused before, and is a conflict then, may have happened", async () => {
    const { error } = await fail(
      (_, times) => (times === 1 ? { status: 503 } : { status: 409, json: { detail: "exists" } }),
      create,
    );
    expect(error).toMatchObject({ code: "conflict", attempts: 2, mayHaveHappened: true });
  });
});

describe("what can be repeated", () => {
  it.each<[string, Reply | "cut"]>([
    ["500", { status: 500, json: { exception_message: "Internal Server Error" } }],
    ["502", { status: 502, text: "<html></html>" }],
    ["503", { status: 503, json: { exception_message: "Service Unavailable" } }],
    ["504", { status: 504 }],
    ["429", { status: 429, json: { detail: "slow down" } }],
    ["408", { status: 408 }],
    ["a cut connection", "cut"],
    ["half an answer", { json: pool, half: true }],
  ])("is repeated after %s: reads, changes, removals", async (_, reply) => {
    const { api, asked, time } = await localApi(({ method }, times) => {
      if (times === 1) return reply;
      return method === "GET" ? { json: pool } : { status: 204 };
    });
    expect(await read(api)).toMatchObject({ id: pool.id });
    await update(api);
    expect(await remove(api)).toBe(true);
    expect(asked.map(({ method }) => method)).toEqual(["GET", "GET", "PATCH", "PATCH", "DELETE", "DELETE"]);
    expect(time.waits).toEqual([150, 150, 150]);
  });

  it("ends when the fault stays", async () => {
    const { error, asked } = await fail({ status: 500, json: { exception_message: "Internal Server Error" } }, update);
    expect(error).toMatchObject({ code: "server_fault", attempts: 3, mayHaveHappened: true });
    expect(error.message).toContain("It was sent 3 times. This is a fault of the server: its log says more.");
    expect(asked).toHaveLength(3);
  });

  it("a removal whose answer was lost has removed what is not there any more", async () => {
    const { api } = await localApi((_, times) => (times === 1 ? "cut" : absent));
    expect(await remove(api)).toBe(true);
  });

  it("a page instead of an answer is no success, not even where nothing is said", async () => {
    const { error } = await fail(html, remove);
    expect(error.code).toBe("unreadable");
    expect(error.detail).toBe('an HTML page titled "Sign in"');
    expect(error.message).toContain("Is this the address of a Prefect API");
  });

  it("an unreadable answer is kept in outline, without values", async () => {
    const { error } = await fail(
      { json: { ...pool, created: 17, base_job_template: { env: { PASSWORD: "hunter2" } } } },
      read,
    );
    expect(error.message).toContain("at created (expected string)");
    expect(error.detail).toContain('"env":{"PASSWORD":"…"}');
    expect(error.message).not.toContain("hunter2");
  });
});
