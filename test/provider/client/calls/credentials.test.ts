import { describe, expect, it } from "vitest";
import { failure, localApi, pool, type ReceivedRequest, type RequestHandler, workPools } from "../support/local-api.ts";

describe("credentials", () => {
  it("are sent as Prefect sends them: an API key as bearer, an auth string as basic and before it", async () => {
    const sent = async (settings: object, path?: string) => {
      const { api, requests } = await localApi(() => ({ json: pool }), {
        settings,
        ...(path === undefined ? {} : { path }),
      });
      await workPools(api).read("etl");
      return requests[0]?.headers;
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
    const { origin, requests } = await localApi(() => ({ json: pool }));
    const settings = { apiUrl: origin.replace("http://", "http://me:p%40ss@") };
    const { api, debugLines } = await localApi(() => ({ json: pool }), { settings });
    expect(api.url).toBe(`${origin}/api`);
    await workPools(api).read("etl");
    expect(requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from("me:p@ss").toString("base64")}`);
    expect(debugLines.join()).not.toMatch(/me:|p%40ss|p@ss/);
  });

  it("are named by their source when they are refused, never by their value", async () => {
    const { api } = await localApi(() => ({ status: 401, json: { exception_message: "Unauthorized" } }), {
      settings: { authString: "me:hunter2" },
    });
    const error = await failure(workPools(api).read("etl"));
    expect(error.message).toContain("authString was sent, given in the configuration.");
    expect(error.message).not.toContain("hunter2");
  });
});

describe("no secret", () => {
  const planted = ["pnu_planted_key", "planted-password", "planted-header", "planted-leaf", "planted'in\"array"];
  const settings = {
    apiKey: planted[0],
    authString: `me:${planted[1]}`,
    customHeaders: { "x-secret": planted[2] ?? "" },
  };
  const body = {
    name: "etl",
    base_job_template: { job_configuration: { env: { A: planted[3] ?? "" }, list: [planted[4] ?? ""] } },
  };
  /** Everything that the request holds. */
  const echo = ({ headers, body: sent }: ReceivedRequest) =>
    `${JSON.stringify(headers)} ${sent} ${decode(headers.authorization)}`;
  const decode = (header = "") => Buffer.from(header.split(" ")[1] ?? "", "base64").toString();

  it.each<[string, RequestHandler]>([
    ["a detail", (request) => ({ status: 400, json: { detail: echo(request) } })],
    ["an exception", (request) => ({ status: 500, json: { exception_message: echo(request) } })],
    [
      "fields",
      (request) => ({
        status: 422,
        json: {
          exception_message: "x",
          exception_detail: [{ loc: ["body"], msg: echo(request) }],
          request_body: request.body,
        },
      }),
    ],
    ["a page", (request) => ({ status: 502, text: `<html><title>${echo(request)}</title>` })],
    ["a text", (request) => ({ status: 502, text: echo(request), headers: { "content-type": "text/plain" } })],
    [
      "a success that is not JSON",
      (request) => ({ status: 201, text: `${echo(request)}`, headers: { "content-type": "text/plain" } }),
    ],
    ["a success of another shape", (request) => ({ status: 201, json: { echo: JSON.parse(request.body) } })],
    ["a redirect", (request) => ({ status: 302, headers: { location: `/x?${encodeURIComponent(request.body)}` } })],
    [
      "a python repr",
      (request) => ({
        status: 409,
        json: { detail: `{'A': '${planted[3]}', 'l': ['planted\\'in"array'], 'h': '${request.headers["x-secret"]}'}` },
      }),
    ],
  ])("that a server repeats in %s is in errors, their causes or debug messages", async (_, handler) => {
    const { api, debugLines } = await localApi(handler, { settings });
    const error = await failure(workPools(api).create(body));
    const texts = [error.message, error.stack, JSON.stringify(error), String(error.cause), ...debugLines].join("\n");
    const spellings = planted.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
    expect(spellings.filter((secret) => texts.includes(secret))).toEqual([]);
    expect(texts).not.toContain(Buffer.from(`me:${planted[1]}`).toString("base64"));
    expect(texts).not.toContain('in"array');
  });

  it("is in the cause of a broken connection", async () => {
    const { api } = await localApi(() => "cut", { settings });
    const error = await failure(workPools(api).create(body));
    expect(String(error.cause)).toMatch(/^Error: /);
    expect(String(error.cause) + String((error.cause as Error).stack)).not.toContain("planted");
  });
});
