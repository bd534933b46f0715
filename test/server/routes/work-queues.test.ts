import { describe, expect, it } from "vitest";
import { type Api, apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

interface Queue {
  id: string;
  name: string;
  priority: number;
  status: string;
}

async function order(api: Api, pool: string): Promise<string[]> {
  const { body } = await api.post(`/work_pools/${pool}/queues/filter`, {});
  return (body as Queue[]).map(({ name, priority }) => `${name}${priority}`);
}

onEachStore("work queues", (store) => {
  const newPool = async (name: string) => {
    const api = apiOn(store());
    const { body } = await api.post("/work_pools/", { name, type: "process" });
    return { api, pool: body as { default_queue_id: string } };
  };

  it("re-rank as little as needed, and keep gaps", async () => {
    const { api } = await newPool("rank");
    for (const [name, priority] of [
      ["c", 10],
      ["a", 2],
      ["d", 3],
      ["e", 4],
      ["b", 1],
    ] as const) {
      await api.post("/work_pools/rank/queues", { name, priority });
    }
    expect(await order(api, "rank")).toEqual(["b1", "default2", "a3", "d4", "e5", "c10"]);
    await api.patch("/work_pools/rank/queues/d", { priority: 2 });
    expect(await order(api, "rank")).toEqual(["b1", "d2", "default3", "a4", "e5", "c10"]);
    await api.patch("/work_pools/rank/queues/b", { priority: 3 });
    expect(await order(api, "rank")).toEqual(["d2", "b3", "default4", "a5", "e6", "c10"]);
    await api.delete("/work_pools/rank/queues/a");
    expect(await order(api, "rank")).toEqual(["d2", "b3", "default4", "e6", "c10"]);
    await api.post("/work_pools/rank/queues", { name: "free" });
    await api.post("/work_pools/rank/queues", { name: "gap" });
    expect(await order(api, "rank")).toEqual(["free1", "d2", "b3", "default4", "gap5", "e6", "c10"]);
  });

  it("keep one ranking when many are made at once", async () => {
    const { api } = await newPool("race");
    const names = Array.from({ length: 12 }, (_, index) => `q${index}`);
    const answers = await Promise.all(names.map((name) => api.post("/work_pools/race/queues", { name, priority: 1 })));
    expect(answers.map((answer) => answer.status)).toEqual(names.map(() => 201));
    const { body } = await api.post("/work_pools/race/queues/filter", {});
    expect((body as Queue[]).map((queue) => queue.priority)).toEqual(
      Array.from({ length: 13 }, (_, index) => index + 1),
    );
  });

  it("keep their id when renamed, and refuse a name that is taken", async () => {
    const { api } = await newPool("rename");
    const { body: made } = await api.post("/work_pools/rename/queues", { name: "old" });
    expect((await api.patch("/work_pools/rename/queues/old", { name: "new" })).status).toBe(204);
    expect((await api.get("/work_pools/rename/queues/new")).body).toEqual({ ...(made as Queue), name: "new" });
    expect((await api.get("/work_pools/rename/queues/old")).status).toBe(404);
    expect((await api.patch("/work_pools/rename/queues/new", { name: "default" })).status).toBe(409);
    expect((await api.post("/work_pools/rename/queues", { name: "new" })).body).toEqual({
      detail: "A work queue with this name already exists in work pool 'rename'.",
    });
  });

  it("never lose their pool's default queue, whatever it is called", async () => {
    const { api, pool } = await newPool("default");
    await api.patch("/work_pools/default/queues/default", { name: "first" });
    expect((await api.delete("/work_pools/default/queues/first")).status).toBe(409);
    expect((await api.delete(`/work_queues/${pool.default_queue_id}`)).status).toBe(409);
    expect(await order(api, "default")).toEqual(["first1"]);
  });

  it("are ready after a lifted pause only when they were polled a moment ago", async () => {
    const { api } = await newPool("pause");
    await api.post("/work_pools/pause/queues", { name: "q" });
    const status = async () => ((await api.get("/work_pools/pause/queues/q")).body as Queue).status;
    await api.patch("/work_pools/pause/queues/q", { is_paused: true });
    expect(await status()).toBe("PAUSED");
    await api.patch("/work_pools/pause/queues/q", { is_paused: false });
    expect(await status()).toBe("NOT_READY");
    await api.patch("/work_pools/pause/queues/q", { is_paused: true, last_polled: "2026-11-21 11:59:30+00:00" });
    await api.patch("/work_pools/pause/queues/q", { is_paused: false });
    expect(await status()).toBe("READY");
    await api.patch("/work_pools/pause/queues/q", { is_paused: true });
    api.clock.advance(31);
    await api.patch("/work_pools/pause/queues/q", { is_paused: false });
    expect(await status()).toBe("NOT_READY");
  });

  it.each([
    ["priority 0", { priority: 0 }],
    ["a null priority", { priority: null }],
    ["a null description", { description: null }],
    ["a null name", { name: null }],
    ["a null flag", { is_paused: null }],
    ["a fraction", { concurrency_limit: 1.5 }],
    ["an unknown field", { work_pool: "x" }],
  ])("refuse %s in a change", async (_, changes) => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "bad", type: "process" });
    expect((await api.patch("/work_pools/bad/queues/default", changes)).status).toBe(422);
  });

  it("say which of pool and queue is missing", async () => {
    const { api } = await newPool("there");
    expect((await api.get("/work_pools/there/queues/x")).body).toEqual({
      detail: "Work pool queue 'there/x' not found.",
    });
    expect((await api.patch("/work_pools/nowhere/queues/x", {})).body).toEqual({
      detail: 'Work pool "nowhere" not found.',
    });
    expect((await api.post("/work_pools/nowhere/queues/filter", {})).status).toBe(404);
    expect((await api.post("/work_pools/nowhere/queues", { name: "x" })).status).toBe(404);
  });

  describe("by id", () => {
    it("are read, changed without re-ranking, and deleted", async () => {
      const { api } = await newPool("by-id");
      const { body } = await api.post("/work_pools/by-id/queues", { name: "q" });
      const { id } = body as Queue;
      expect((await api.patch(`/work_queues/${id}`, { priority: 1, concurrency_limit: 3 })).status).toBe(204);
      expect((await api.get(`/work_queues/${id.replaceAll("-", "").toUpperCase()}`)).body).toMatchObject({
        name: "q",
        priority: 1,
        concurrency_limit: 3,
        active_slots: 0,
        work_pool_name: "by-id",
      });
      expect(new Set(await order(api, "by-id"))).toEqual(new Set(["default1", "q1"]));
      expect((await api.delete(`/work_queues/${id}`)).status).toBe(204);
      expect((await api.get(`/work_queues/${id}`)).body).toEqual({ detail: "work queue not found" });
      expect((await api.delete(`/work_queues/${id}`)).status).toBe(404);
      expect((await api.patch(`/work_queues/${id}`, {})).status).toBe(404);
    });

    it("live in the agents' pool when made without one", async () => {
      const api = apiOn(store());
      const first = await api.post("/work_queues/", { name: "default" });
      expect(first.status).toBe(201);
      expect(first.body).toMatchObject({ name: "default", work_pool_name: "default-agent-pool" });
      expect((await api.post("/work_queues/", { name: "default" })).status).toBe(409);
      await api.post("/work_queues/", { name: "mine" });
      expect((await api.get("/work_queues/name/mine")).body).toMatchObject({ name: "mine", priority: 2 });
      expect((await api.get("/work_queues/name/other")).status).toBe(404);
      expect((await api.get("/work_pools/default-agent-pool")).body).toMatchObject({
        type: "prefect-agent",
        status: null,
      });
    });

    it("are listed over all pools by name, and found by the start of it", async () => {
      const { api } = await newPool("all-1");
      await newPool("all-2");
      await api.post("/work_pools/all-1/queues", { name: "zz-b" });
      await api.post("/work_pools/all-2/queues", { name: "zz-a" });
      const found = await api.post("/work_queues/filter", { work_queues: { name: { startswith_: ["ZZ-"] } } });
      expect((found.body as Queue[]).map((queue) => queue.name)).toEqual(["zz-a", "zz-b"]);
    });
  });
});
