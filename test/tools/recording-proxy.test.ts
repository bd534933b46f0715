import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RecordingProxy } from "../../tools/recording-proxy.ts";

const seen: string[] = [];
const server = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  response.writeHead(201, { "x-from": "the server" }).end("made");
});
let proxy: RecordingProxy;

beforeEach(async () => {
  seen.length = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  proxy = await RecordingProxy.start(
    `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/api/`,
  );
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it("passes on and keeps a record", async () => {
  const answer = await fetch(`${proxy.url}/a%23b?c=d`, { method: "POST", body: "text" });
  expect([answer.status, answer.headers.get("x-from"), await answer.text()]).toEqual([201, "the server", "made"]);
  expect(seen).toEqual(["POST /api/a%23b?c=d"]);
  expect(proxy.takeRequests()).toMatchObject([{ method: "POST", path: "/api/a%23b?c=d", body: "text", status: 201 }]);
  expect(proxy.takeRequests()).toEqual([]);
});

it("answers in the server's place", async () => {
  proxy.intervene = () => ({ respond: 503, headers: { "retry-after": "1" }, body: "later" });
  const answer = await fetch(proxy.url);
  expect([answer.status, answer.headers.get("retry-after"), await answer.text()]).toEqual([503, "1", "later"]);
  expect(seen).toEqual([]);
});

it("loses an answer after the server has done its part", async () => {
  proxy.intervene = () => "drop the response";
  await expect(fetch(proxy.url, { method: "POST" })).rejects.toThrow(TypeError);
  expect(seen).toEqual(["POST /api"]);
});

it("holds an answer back, and says as soon as the server has given it", async () => {
  const gate = Promise.withResolvers<void>();
  proxy.intervene = ({ method }) => (method === "PUT" ? { delayUntil: gate.promise } : undefined);
  const given = proxy.waitFor(({ method }) => method === "PUT");
  let delivered = false;
  const answer = fetch(proxy.url, { method: "PUT" }).then((response) => {
    delivered = true;
    return response.status;
  });
  expect(await given).toMatchObject({ method: "PUT", status: 201 });
  // Another request goes all the way meanwhile.
  await fetch(proxy.url);
  expect(delivered).toBe(false);
  gate.resolve();
  expect(await answer).toBe(201);
});
