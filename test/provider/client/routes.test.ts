import { describe, expect, it } from "vitest";
import type { PrefectApi } from "../../../provider/client/index.ts";
import { type Answering, absent, localApi, pool, queue, type Reply } from "./support/local-api.ts";

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

/** What one call sends, and what it answers. */
async function tell(answer: Answering | Reply, run: (api: PrefectApi) => Promise<unknown>) {
  const { api, asked } = await localApi(typeof answer === "function" ? answer : () => answer);
  const value = await run(api);
  const sent = asked.map(({ method, path, body }) => `${method} ${path}${body === "" ? "" : ` ${body}`}`);
  return { sent, value };
}

describe("a call", () => {
  it.each<[string, Reply, (api: PrefectApi) => Promise<unknown>, string]>([
    [
      "workPools.create",
      { status: 201, json: pool },
      (api) => api.workPools.create({ name: "etl" }),
      'POST /api/work_pools/ {"name":"etl"}',
    ],
    ["workPools.read", { json: pool }, (api) => api.workPools.read("a b#c?d"), "GET /api/work_pools/a%20b%23c%3Fd"],
    [
      "workPools.readById",
      { json: [pool] },
      (api) => api.workPools.readById(ID),
      `POST /api/work_pools/filter {"work_pools":{"id":{"any_":["${ID}"]}},"limit":1}`,
    ],
    [
      "workPools.update",
      { status: 204 },
      (api) => api.workPools.update("etl", { is_paused: true }),
      'PATCH /api/work_pools/etl {"is_paused":true}',
    ],
    ["workPools.remove", { status: 204 }, (api) => api.workPools.remove("etl"), "DELETE /api/work_pools/etl"],
    [
      "workQueues.create",
      { status: 201, json: queue },
      (api) => api.workQueues.create("etl", { name: "q" }),
      'POST /api/work_pools/etl/queues {"name":"q"}',
    ],
    [
      "workQueues.read",
      { json: queue },
      (api) => api.workQueues.read("e/tl".replace("/", " "), "q?"),
      "GET /api/work_pools/e%20tl/queues/q%3F",
    ],
    ["workQueues.readById", { json: queue }, (api) => api.workQueues.readById(ID), `GET /api/work_queues/${ID}`],
    [
      "workQueues.listOf",
      { json: [queue] },
      (api) => api.workQueues.listOf("etl"),
      'POST /api/work_pools/etl/queues/filter {"offset":0,"limit":200}',
    ],
    [
      "workQueues.update",
      { status: 204 },
      (api) => api.workQueues.update("etl", "q", { priority: 2 }),
      'PATCH /api/work_pools/etl/queues/q {"priority":2}',
    ],
    [
      "workQueues.remove",
      { status: 204 },
      (api) => api.workQueues.remove("etl", "q"),
      "DELETE /api/work_pools/etl/queues/q",
    ],
    [
      "globalLimits.create",
      { status: 201, json: limit },
      (api) => api.globalLimits.create({ name: "db" }),
      'POST /api/v2/concurrency_limits/ {"name":"db"}',
    ],
    [
      "globalLimits.read",
      { json: limit },
      (api) => api.globalLimits.read("d b"),
      "GET /api/v2/concurrency_limits/d%20b",
    ],
    [
      "globalLimits.update",
      { status: 204 },
      (api) => api.globalLimits.update(ID, { limit: 2 }),
      `PATCH /api/v2/concurrency_limits/${ID} {"limit":2}`,
    ],
    [
      "globalLimits.remove",
      { status: 204 },
      (api) => api.globalLimits.remove(ID),
      `DELETE /api/v2/concurrency_limits/${ID}`,
    ],
    [
      "tagLimits.put",
      { status: 201, json: tag },
      (api) => api.tagLimits.put("db", 3),
      'POST /api/concurrency_limits/ {"tag":"db","concurrency_limit":3}',
    ],
    ["tagLimits.read", { json: tag }, (api) => api.tagLimits.read("d#b"), "GET /api/concurrency_limits/tag/d%23b"],
    ["tagLimits.readById", { json: tag }, (api) => api.tagLimits.readById(ID), `GET /api/concurrency_limits/${ID}`],
    ["tagLimits.remove", { json: null }, (api) => api.tagLimits.remove("db"), "DELETE /api/concurrency_limits/tag/db"],
    [
      "deployments.count",
      { json: 7 },
      (api) => api.deployments.count({ work_pools: {} }),
      'POST /api/deployments/count {"work_pools":{}}',
    ],
  ])("%s is one request", async (_, reply, run, expected) => {
    expect((await tell(reply, run)).sent).toEqual([expected]);
  });

  it("answers what the API says, without what the provider does not know", async () => {
    const { value } = await tell({ json: { ...pool, brand_new: 1 } }, (api) => api.workPools.read("etl"));
    const { updated: _, ...known } = pool;
    expect(value).toEqual(known);
  });

  it("keeps users' documents key by key, whatever the keys are", async () => {
    const text = JSON.stringify(pool).replace(
      '"base_job_template":{}',
      '"base_job_template":{"__proto__":{"b":null},"a_B":[1.5,"x"]}',
    );
    const { value } = await tell({ text, headers: { "content-type": "application/json" } }, (api) =>
      api.workPools.read("etl"),
    );
    expect(JSON.stringify(value)).toContain('"base_job_template":{"__proto__":{"b":null},"a_B":[1.5,"x"]}');
  });

  it("reads answers that leave out what may be absent", async () => {
    const { description: _, concurrency_limit: __, active_slots: ___, status: ____, ...few } = pool;
    const { value } = await tell({ json: few }, (api) => api.workPools.read("etl"));
    expect(value).toMatchObject({ description: null, concurrency_limit: null, status: null });
    const read = await tell({ json: { ...queue, description: null } }, (api) => api.workQueues.read("etl", "default"));
    expect(read.value).toMatchObject({ description: "" });
  });

  it("by UUID sends nothing for what is no UUID: it names nothing", async () => {
    const { sent, value } = await tell({ json: [] }, (api) =>
      Promise.all([api.workPools.readById("etl"), api.workQueues.readById("../etl"), api.tagLimits.readById("x")]),
    );
    expect({ sent, value }).toEqual({ sent: [], value: [undefined, undefined, undefined] });
  });

  it("for a name that cannot be addressed sends nothing", async () => {
    const { api, asked } = await localApi(() => ({ status: 204 }));
    const wrong = expect.objectContaining({ code: "invalid", attempts: 0 });
    await expect(api.workPools.remove("..")).rejects.toEqual(wrong);
    await expect(api.workPools.remove("etl/queues/x")).rejects.toEqual(wrong);
    await expect(api.workQueues.remove("etl", "..")).rejects.toEqual(wrong);
    await expect(api.workPools.create({ name: "." })).rejects.toEqual(wrong);
    await expect(api.workQueues.create("etl", { name: ".." })).rejects.toEqual(wrong);
    await expect(api.globalLimits.create({ name: "a/b" })).rejects.toEqual(wrong);
    await expect(api.tagLimits.put("a/b", 1)).rejects.toEqual(wrong);
    expect(asked).toEqual([]);
  });

  it("that upserts a tag's limit says whether there was one", async () => {
    const { value } = await tell(
      (_, times) => ({ status: times === 1 ? 201 : 200, json: tag }),
      async (api) => [(await api.tagLimits.put("db", 3)).existed, (await api.tagLimits.put("db", 3)).existed],
    );
    expect(value).toEqual([false, true]);
  });

  it("that reads a missing object answers undefined, and one that removes it answers false", async () => {
    const { value } = await tell(absent, (api) =>
      Promise.all([
        api.workPools.read("etl"),
        api.workQueues.read("etl", "q"),
        api.workQueues.readById(ID),
        api.workQueues.listOf("etl"),
        api.globalLimits.read("db"),
        api.tagLimits.read("db"),
        api.tagLimits.readById(ID),
      ]),
    );
    expect(value).toEqual(Array.from({ length: 7 }));
    const gone = await tell(absent, (api) =>
      Promise.all([
        api.workPools.remove("etl"),
        api.workQueues.remove("etl", "q"),
        api.globalLimits.remove(ID),
        api.tagLimits.remove("db"),
      ]),
    );
    expect(gone.value).toEqual([false, false, false, false]);
    const none = await tell({ json: [] }, (api) => api.workPools.readById(ID));
    expect(none.value).toBeUndefined();
  });
});

describe("a list", () => {
  const queues = Array.from({ length: 450 }, (_, index) => ({ ...queue, id: `q${index}`, name: `q${index}` }));
  const page =
    (most: number): Answering =>
    ({ body }) => {
      const { offset, limit = most } = JSON.parse(body) as { offset: number; limit?: number };
      if (limit > most)
        return { status: 422, json: { detail: `Invalid limit: must be less than or equal to ${most}.` } };
      return { json: queues.slice(offset, offset + limit) };
    };

  it("is read page by page", async () => {
    const { value, sent } = await tell(page(200), (api) => api.workQueues.listOf("etl"));
    expect((value as { id: string }[]).map(({ id }) => id)).toEqual(queues.map(({ id }) => id));
    expect(sent).toHaveLength(3);
  });

  it("is read in the server's own pages where these are smaller", async () => {
    const { value } = await tell(page(100), (api) => api.workQueues.listOf("etl"));
    expect(value).toHaveLength(450);
  });

  it("takes once what moved to a later page meanwhile", async () => {
    const { value } = await tell(
      (_, times) => ({ json: times === 1 ? queues.slice(0, 200) : queues.slice(199, 210) }),
      (api) => api.workQueues.listOf("etl"),
    );
    expect(value).toHaveLength(210);
  });
});
