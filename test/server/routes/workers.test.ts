import { expect, it } from "vitest";
import { apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

interface Worker {
  name: string;
  status: string;
}

onEachStore("workers", (store) => {
  it("make their pool ready, and are offline after three missed heartbeats", async () => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "served", type: "process" });
    const beat = { name: "w", heartbeat_interval_seconds: 10 };
    expect((await api.post("/work_pools/served/workers/heartbeat", beat)).status).toBe(204);
    expect((await api.get("/work_pools/served")).body).toMatchObject({ status: "READY" });
    const status = async () =>
      ((await api.post("/work_pools/served/workers/filter", {})).body as Worker[]).map((worker) => worker.status);
    api.clock.advance(29.9);
    expect(await status()).toEqual(["ONLINE"]);
    api.clock.advance(0.1);
    expect(await status()).toEqual(["OFFLINE"]);
    // Filters go by what is stored.
    const filter = { workers: { status: { any_: ["ONLINE"] } } };
    expect((await api.post("/work_pools/served/workers/filter", filter)).body).toHaveLength(1);
  });

  it("keep their row and their interval over heartbeats, the latest heard of first", async () => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "beats", type: "process" });
    await api.post("/work_pools/beats/workers/heartbeat", { name: "a", heartbeat_interval_seconds: 5 });
    api.clock.advance(1);
    await api.post("/work_pools/beats/workers/heartbeat", { name: "b" });
    const [b, a] = (await api.post("/work_pools/beats/workers/filter", {})).body as Worker[];
    api.clock.advance(1);
    await api.post("/work_pools/beats/workers/heartbeat", { name: "a" });
    const later = await api.post("/work_pools/beats/workers/filter", { limit: null });
    const now = "2026-11-21T12:00:02.000000Z";
    expect(later.body).toEqual([{ ...a, updated: now, last_heartbeat_time: now }, b]);
    const before = { workers: { last_heartbeat_time: { before_: "2026-11-21T12:00:01Z" } } };
    expect((await api.post("/work_pools/beats/workers/filter", before)).body).toEqual([b]);
    const none = { workers: { status: { not_any_: ["ONLINE"] } } };
    expect((await api.post("/work_pools/beats/workers/filter", none)).body).toEqual([]);
  });

  it("leave a paused pool paused; once resumed it is ready if one is online", async () => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "paused", type: "process", is_paused: true });
    await api.post("/work_pools/paused/workers/heartbeat", { name: "w" });
    expect((await api.get("/work_pools/paused")).body).toMatchObject({ status: "PAUSED" });
    await api.patch("/work_pools/paused", { is_paused: false });
    expect((await api.get("/work_pools/paused")).body).toMatchObject({ status: "READY" });
    await api.delete("/work_pools/paused/workers/w");
    await api.patch("/work_pools/paused", { is_paused: false });
    expect((await api.get("/work_pools/paused")).body).toMatchObject({ status: "NOT_READY" });
  });

  it("are refused for a pool or under a name that does not exist", async () => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "empty", type: "process" });
    expect((await api.post("/work_pools/none/workers/heartbeat", { name: "w" })).status).toBe(404);
    expect((await api.post("/work_pools/empty/workers/heartbeat", {})).status).toBe(422);
    expect((await api.post("/work_pools/empty/workers/heartbeat", { name: null })).status).toBe(422);
    expect((await api.delete("/work_pools/empty/workers/w")).body).toEqual({ detail: "Worker not found." });
    expect((await api.delete("/work_pools/none/workers/w")).status).toBe(404);
  });
});
