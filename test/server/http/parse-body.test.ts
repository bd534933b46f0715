import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../server/index.ts";
import { type Api, apiOn } from "../support/api.ts";

let store: Store;
let api: Api;

beforeAll(async () => {
  store = await openStore("memory");
  api = apiOn(store);
});

afterAll(() => store.close());

const post = (payload: Buffer) =>
  api.app.inject({ method: "POST", url: "/api/flows/", headers: { "content-type": "application/json" }, payload });

describe("a body", () => {
  it("that is no UTF-8 is refused, not put right", async () => {
    const answer = await post(Buffer.from([...Buffer.from('{"name":"a'), 0xff, ...Buffer.from('"}')]));
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual({ detail: "There was an error parsing the body" });
  });

  it("may begin with a byte order mark, as Windows writes it", async () => {
    const answer = await post(Buffer.from('\uFEFF{"name":"ö"}'));
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ name: "ö" });
  });
});

it.each(["%FF", "%E0%A4%A", "%"])("a path with %s in it is refused in the words of other refusals", async (name) => {
  expect(await api.get(`/work_pools/${name}`)).toMatchObject({
    status: 400,
    body: { detail: "There was an error parsing the request" },
  });
});
