import { gunzipSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore, type Store } from "../../../server/index.ts";
import { apiOn } from "../support/api.ts";

let store: Store;
let app: FastifyInstance;

beforeAll(async () => {
  store = await openStore("memory");
  const api = apiOn(store);
  app = api.app;
  for (const [name, words] of [
    ["long", 3000],
    ["short", 3],
  ] as const) {
    const body = { name, type: "process", description: "many words ".repeat(words) };
    expect((await api.post("/work_pools/", body)).status).toBe(201);
  }
});

afterAll(() => store.close());

const read = (name: string, headers: Record<string, string>, remoteAddress = "192.0.2.7") =>
  app.inject({ url: `/api/work_pools/${name}`, headers, remoteAddress });

it("a long answer is compressed for who takes gzip, and is the same answer", async () => {
  const plain = await read("long", {});
  const small = await read("long", { "accept-encoding": "br, gzip;q=0.8" });
  expect(plain.headers).toMatchObject({ vary: "accept-encoding", "content-length": String(plain.rawPayload.length) });
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(small.headers).toMatchObject({
    vary: "accept-encoding",
    "content-encoding": "gzip",
    "content-type": plain.headers["content-type"],
    "content-length": String(small.rawPayload.length),
  });
  expect(small.rawPayload.length).toBeLessThan(plain.rawPayload.length / 10);
  expect(gunzipSync(small.rawPayload).toString()).toBe(plain.body);
});

it.each([
  ["a short answer", "short", { "accept-encoding": "gzip" }, "192.0.2.7"],
  ["for who takes none", "long", { "accept-encoding": "identity" }, "192.0.2.7"],
  ["for who refuses it", "long", { "accept-encoding": "deflate, gzip;q=0" }, "192.0.2.7"],
  ["for clients on this machine", "long", { "accept-encoding": "gzip" }, "127.0.0.1"],
  ["for clients on this machine that speak IPv6", "long", { "accept-encoding": "gzip" }, "::1"],
] as const)("nothing is compressed: %s", async (_, name, headers, from) => {
  expect((await read(name, { ...headers }, from)).headers["content-encoding"]).toBeUndefined();
});

it("a proxy on this machine gets compressed answers for whom it asks", async () => {
  const headers = { "accept-encoding": "gzip", "x-forwarded-for": "192.0.2.7" };
  expect((await read("long", headers, "127.0.0.1")).headers["content-encoding"]).toBe("gzip");
});
