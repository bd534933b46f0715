import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../server/index.ts";
import { type Listening, listen } from "../support/sockets.ts";

let store: Store;
let open: Listening;
let locked: Listening;

beforeAll(async () => {
  store = await openStore("memory");
  open = await listen(store);
  locked = await listen(store, { authString: "admin:pass" });
});

afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await locked[Symbol.asyncDispose]();
  await store.close();
});

const auth = (token: unknown) => ({ type: "auth", token });

describe("a websocket of the subprotocol", () => {
  it("speaks it, and answers the first message when no password is needed", async () => {
    const client = await open.connect("/events/in");
    expect(client.socket.protocol).toBe("prefect");
    client.send(auth(null));
    expect(await client.next()).toEqual({ type: "auth_success" });
    await client.close();
  });

  it("is let in with the right password", async () => {
    const client = await locked.connect("/events/out");
    client.send(auth("admin:pass"));
    expect(await client.next()).toEqual({ type: "auth_success" });
    await client.close();
  });

  it.each([
    ["a wrong password", auth("admin:wrong"), "Invalid token"],
    ["no password", auth(null), "Auth required but no token provided"],
    ["a password that is no text", auth(["admin:pass"]), "Auth required but no token provided"],
    ["another message first", { type: "filter", filter: {} }, "Expected 'auth' message"],
  ])("is closed after %s, with the reason", async (_, first, reason) => {
    const client = await locked.connect("/events/out");
    client.send(first);
    expect(await client.closed).toEqual({ code: 1008, reason });
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["null", "null"],
  ])("is closed after a first message that is %s", async (_, first) => {
    const client = await open.connect("/events/out");
    client.send(first);
    expect(await client.closed).toEqual({ code: 1002, reason: "Expected a JSON object" });
  });

  it("is closed after a binary message", async () => {
    const client = await open.connect("/events/in");
    client.socket.send(Buffer.from("{}"));
    expect(await client.closed).toMatchObject({ code: 1003 });
  });

  it("says of workers that fail to authenticate only that they did", async () => {
    const client = await locked.connect("/work_pools/any/workers/connect");
    client.send(auth("admin:wrong"));
    expect(await client.closed).toEqual({ code: 1008, reason: "authentication_failed" });
  });
});

describe("a websocket without the subprotocol", () => {
  it("needs no authentication where none is asked for, as old clients", async () => {
    const client = await open.connect("/logs/out", []);
    expect(client.socket.protocol).toBe("");
    client.send({ type: "nothing" });
    expect(await client.closed).toEqual({ code: 1002, reason: "Expected 'filter' message" });
  });

  it("is refused where a password is needed", async () => {
    await expect(locked.connect("/logs/out", [])).rejects.toThrow("status 403");
    await expect(locked.connect("/logs/out", ["other"])).rejects.toThrow("status 403");
  });

  it("is refused as a worker's channel", async () => {
    await expect(open.connect("/work_pools/any/workers/connect", [])).rejects.toThrow("status 403");
  });
});

describe("an upgrade", () => {
  it.each(["/nothing", "/events", "/work_pools/a/b/workers/connect", "/work_pools/%E0%A4%A/workers/connect"])(
    "to %s is answered 404, so that clients do without",
    async (path) => {
      await expect(open.connect(path)).rejects.toThrow("status 404");
    },
  );

  it("to another protocol is refused without harm", async () => {
    const status = await new Promise((resolve, reject) => {
      const call = request(`${open.origin}/api/events/in`, { headers: { connection: "upgrade", upgrade: "h2c" } });
      call.on("response", (response) => resolve(response.statusCode));
      call.on("error", reject);
      call.end();
    });
    expect(status).toBe(404);
    expect((await open.api.get("/health")).body).toBe(true);
  });

  it("is an ordinary route's business without one: nothing is found", async () => {
    expect(await open.api.get("/events/in")).toMatchObject({ status: 404, body: { detail: "Not Found" } });
  });
});
