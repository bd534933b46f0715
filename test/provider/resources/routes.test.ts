import { describe, expect, it } from "vitest";
import type { Lifecycle, RemoteObject, Scope } from "../../../provider/engine/lifecycle.ts";
import { lifecycleOf } from "../../../provider/resources/lifecycles.ts";
import { queuesOf } from "../../../provider/resources/queues/ranks.ts";
import type { JsonObject } from "../../../schema/json.ts";
import { scopeOf } from "../../support/scope.ts";
import { absent, type FakeResponse, localApi, pool, queue, type RequestHandler } from "../client/support/local-api.ts";

const ID = pool.id;
const limit = {
  id: ID,
  created: pool.created,
  name: "db",
  limit: 1,
  active: true,
  slot_decay_per_second: 0,
  active_slots: 0,
};
const tag = { id: ID, created: pool.created, tag: "db", concurrency_limit: 3 };

/** What one verb sends, and what it returns. */
async function run<T>(answer: RequestHandler | FakeResponse, verb: (scope: Scope) => Promise<T>) {
  const { api, requests } = await localApi(typeof answer === "function" ? answer : () => answer);
  const value = await verb(scopeOf(api));
  const sent = requests.map(({ method, path, body }) => `${method} ${path}${body === "" ? "" : ` ${body}`}`);
  return { sent, value };
}

const [pools, queues, limits, tags]: Lifecycle[] = [
  lifecycleOf("WorkPool"),
  lifecycleOf("WorkQueue"),
  lifecycleOf("GlobalConcurrencyLimit"),
  lifecycleOf("TagConcurrencyLimit"),
] as [Lifecycle, Lifecycle, Lifecycle, Lifecycle];

const object = (live: JsonObject): RemoteObject => ({ id: ID, uuid: ID, live, outputs: {} });
const etl = object({ name: "etl", type: "process" });
const q = object({ workPool: "etl", name: "q" });
const db = object({ name: "db", limit: 1 });
const dbTag = object({ tag: "db", concurrencyLimit: 3 });

describe("a verb", () => {
  it.each<[string, FakeResponse, (scope: Scope) => Promise<unknown>, string]>([
    [
      "create of a pool",
      { status: 201, json: pool },
      (scope) => pools.create(scope, { name: "etl", isPaused: true }),
      'POST /api/work_pools/ {"name":"etl","is_paused":true}',
    ],
    [
      "read of a pool",
      { json: pool },
      (scope) => pools.read(scope, { key: { name: "a b#c?d" } }),
      "GET /api/work_pools/a%20b%23c%3Fd",
    ],
    [
      "read of a pool by UUID",
      { json: [pool] },
      (scope) => pools.read(scope, { uuid: ID }),
      `POST /api/work_pools/filter {"work_pools":{"id":{"any_":["${ID}"]}},"limit":1}`,
    ],
    [
      "update of a pool",
      { status: 204 },
      (scope) => pools.update(scope, etl, { isPaused: true, description: null }, {}),
      'PATCH /api/work_pools/etl {"description":null,"is_paused":true}',
    ],
    ["remove of a pool", { status: 204 }, (scope) => pools.remove(scope, etl, {}, false), "DELETE /api/work_pools/etl"],
    [
      "create of a queue",
      { status: 201, json: queue },
      (scope) => queues.create(scope, { workPool: "etl", name: "q" }),
      'POST /api/work_pools/etl/queues {"name":"q"}',
    ],
    [
      "read of a queue",
      { json: queue },
      (scope) => queues.read(scope, { key: { workPool: "e tl", name: "q?" } }),
      "GET /api/work_pools/e%20tl/queues/q%3F",
    ],
    [
      "read of a queue by UUID",
      { json: queue },
      (scope) => queues.read(scope, { uuid: ID, key: { workPool: "etl", name: "q" } }),
      `GET /api/work_queues/${ID}`,
    ],
    [
      "list of queues",
      { json: [queue] },
      (scope) => queuesOf(scope, "etl"),
      'POST /api/work_pools/etl/queues/filter {"offset":0,"limit":200}',
    ],
    [
      "update of a queue",
      { status: 204 },
      (scope) => queues.update(scope, q, { name: "r", description: "d" }, {}),
      `PATCH /api/work_queues/${ID} {"name":"r","description":"d"}`,
    ],
    [
      "update of a queue's priority, which moves the others,",
      { status: 204 },
      (scope) => queues.update(scope, q, { priority: 2 }, {}),
      'PATCH /api/work_pools/etl/queues/q {"priority":2}',
    ],
    [
      "remove of a queue",
      { status: 204 },
      (scope) => queues.remove(scope, q, {}, false),
      `DELETE /api/work_queues/${ID}`,
    ],
    [
      "create of a global limit",
      { status: 201, json: limit },
      (scope) => limits.create(scope, { name: "db", slotDecayPerSecond: 1 }),
      'POST /api/v2/concurrency_limits/ {"name":"db","slot_decay_per_second":1}',
    ],
    [
      "read of a global limit",
      { json: limit },
      (scope) => limits.read(scope, { key: { name: "d b" } }),
      "GET /api/v2/concurrency_limits/d%20b",
    ],
    [
      "update of a global limit",
      { status: 204 },
      (scope) => limits.update(scope, db, { limit: 2 }, {}),
      `PATCH /api/v2/concurrency_limits/${ID} {"limit":2}`,
    ],
    [
      "remove of a global limit",
      { status: 204 },
      (scope) => limits.remove(scope, db, {}, false),
      `DELETE /api/v2/concurrency_limits/${ID}`,
    ],
    [
      "create of a tag limit",
      { status: 201, json: tag },
      (scope) => tags.create(scope, { tag: "db", concurrencyLimit: 3 }),
      'POST /api/concurrency_limits/ {"tag":"db","concurrency_limit":3}',
    ],
    [
      "update of a tag limit",
      { json: tag },
      (scope) => tags.update(scope, dbTag, { concurrencyLimit: 4 }, {}),
      'POST /api/concurrency_limits/ {"tag":"db","concurrency_limit":4}',
    ],
    [
      "read of a tag limit",
      { json: tag },
      (scope) => tags.read(scope, { key: { tag: "d#b" } }),
      "GET /api/concurrency_limits/tag/d%23b",
    ],
    [
      "read of a tag limit by UUID",
      { json: tag },
      (scope) => tags.read(scope, { uuid: ID }),
      `GET /api/concurrency_limits/${ID}`,
    ],
    [
      "remove of a tag limit",
      { json: null },
      (scope) => tags.remove(scope, dbTag, {}, false),
      `DELETE /api/concurrency_limits/${ID}`,
    ],
  ])("%s is one request", async (_, reply, verb, expected) => {
    expect((await run(reply, verb)).sent).toEqual([expected]);
  });

  it("for a name that cannot be addressed sends nothing", async () => {
    const { api, requests } = await localApi(() => ({ status: 204 }));
    const scope = scopeOf(api);
    const refused = expect.objectContaining({ code: "invalid", attempts: 0 });
    const named = (name: string) => object({ name, type: "process", workPool: "etl" });
    await expect(pools.remove(scope, named(".."), {}, false)).rejects.toEqual(refused);
    await expect(pools.remove(scope, named("etl/queues/x"), {}, false)).rejects.toEqual(refused);
    await expect(queues.update(scope, named(".."), { priority: 1 }, {})).rejects.toEqual(refused);
    await expect(pools.create(scope, { name: "." })).rejects.toEqual(refused);
    await expect(queues.create(scope, { workPool: "etl", name: ".." })).rejects.toEqual(refused);
    await expect(limits.create(scope, { name: "a/b" })).rejects.toEqual(refused);
    await expect(tags.create(scope, { tag: "a/b", concurrencyLimit: 1 })).rejects.toEqual(refused);
    expect(requests).toEqual([]);
  });

  it("that reads a missing object returns undefined, and one that removes it succeeds", async () => {
    const { value } = await run(absent, (scope) =>
      Promise.all([
        pools.read(scope, { key: { name: "etl" } }),
        queues.read(scope, { key: { workPool: "etl", name: "q" } }),
        queues.read(scope, { uuid: ID }),
        queuesOf(scope, "etl"),
        limits.read(scope, { key: { name: "db" } }),
        tags.read(scope, { key: { tag: "db" } }),
        tags.read(scope, { uuid: ID }),
      ]),
    );
    expect(value).toEqual(Array.from({ length: 7 }));
    const gone = await run(absent, ({ api }) => Promise.all([api.remove("/work_pools/etl"), api.remove("/x/y")]));
    expect(gone.value).toEqual([false, false]);
    expect((await run({ json: [] }, (scope) => pools.read(scope, { uuid: ID }))).value).toBeUndefined();
  });

  it("that upserts a tag's limit warns when there was one", async () => {
    const warnings: string[] = [];
    const { api } = await localApi((_, times) => ({ status: times === 1 ? 201 : 200, json: tag }));
    const scope = { ...scopeOf(api), warn: (message: string) => warnings.push(message) };
    await tags.create(scope, { tag: "db", concurrencyLimit: 3 });
    expect(warnings).toEqual([]);
    await tags.create(scope, { tag: "db", concurrencyLimit: 3 });
    expect(warnings.join()).toContain("got a limit from somebody else at the same moment");
  });
});

describe("an answer", () => {
  const read = (answer: FakeResponse) => run(answer, (scope) => pools.read(scope, { key: { name: "etl" } }));

  it("is read by the contract: its fields, its outputs, and all of it beside", async () => {
    const { value } = await read({ json: { ...pool, brand_new: 1 } });
    expect(value).toMatchObject({
      id: "etl",
      uuid: pool.id,
      live: { name: "etl", isPaused: false },
      outputs: { workPoolId: pool.id, defaultQueueId: pool.default_queue_id, created: pool.created },
      answer: { brand_new: 1 },
    });
  });

  it("keeps users' documents key by key, whatever the keys are", async () => {
    const text = JSON.stringify(pool).replace(
      '"base_job_template":{}',
      '"base_job_template":{"__proto__":{"b":null},"a_B":[1.5,"x"]}',
    );
    const { value } = await read({ text, headers: { "content-type": "application/json" } });
    expect(JSON.stringify(value?.live)).toContain('"baseJobTemplate":{"__proto__":{"b":null},"a_B":[1.5,"x"]}');
  });

  it("may leave out what is absent by default, and null means the server's default", async () => {
    const { description: _, concurrency_limit: __, active_slots: ___, status: ____, ...few } = pool;
    const { value } = await read({ json: few });
    expect(value?.live).not.toHaveProperty("description");
    expect(value?.live).not.toHaveProperty("concurrencyLimit");
    const found = await run({ json: { ...queue, description: null } }, (scope) => queues.read(scope, { uuid: ID }));
    expect(found.value?.live.description).toBe("");
  });

  it.each<[string, JsonObject, RegExp]>([
    ["has no id", { id: null }, / at id \(expected the object's id\)/],
    ["has no name", { name: null }, / at name \(expected a value\)/],
    ["leaves out what the server always has", { is_paused: undefined as never }, / at is_paused \(expected a value\)/],
    ["has another type", { concurrency_limit: "5" }, / at concurrency_limit \(expected (int|number)\)/],
    ["has a list for a document", { base_job_template: [] }, / at base_job_template \(expected record\)/],
    ["has another type inside", { storage_configuration: { bundle_upload_step: 1 } }, /at storage_configuration\./],
  ])("that %s is unreadable, and the error has the path", async (_, wrong, message) => {
    await expect(read({ json: { ...pool, ...wrong } })).rejects.toThrow(message);
  });

  it("is not judged by the rules for programs: others may have named their objects otherwise", async () => {
    const { value } = await read({ json: { ...pool, name: "prefect-managed", concurrency_limit: -1 } });
    expect(value?.live).toMatchObject({ name: "prefect-managed", concurrencyLimit: -1 });
  });
});

describe("a list", () => {
  const all = Array.from({ length: 450 }, (_, index) => ({ ...queue, id: `q${index}`, name: `q${index}` }));
  const page =
    (most: number): RequestHandler =>
    ({ body }) => {
      const { offset, limit = most } = JSON.parse(body) as { offset: number; limit?: number };
      if (limit > most)
        return { status: 422, json: { detail: `Invalid limit: must be less than or equal to ${most}.` } };
      return { json: all.slice(offset, offset + limit) };
    };
  const list = (answer: RequestHandler) => run(answer, (scope) => queuesOf(scope, "etl"));

  it("is read page by page", async () => {
    const { value, sent } = await list(page(200));
    expect(value?.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(sent).toHaveLength(3);
  });

  it("is read in the server's own pages where these are smaller", async () => {
    expect((await list(page(100))).value).toHaveLength(450);
  });

  it("takes once what moved to a later page meanwhile", async () => {
    const { value } = await list((_, times) => ({ json: times === 1 ? all.slice(0, 200) : all.slice(199, 210) }));
    expect(value).toHaveLength(210);
  });
});
