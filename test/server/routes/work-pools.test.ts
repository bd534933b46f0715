import { expect, it } from "vitest";
import { apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

onEachStore("work pools", (store) => {
  it("are created with a default queue and every field at its birth value", async () => {
    const api = apiOn(store());
    const created = await api.post("/work_pools/", { name: "plain", type: "process" });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created: "2026-11-21T12:00:00.000000Z",
      updated: "2026-11-21T12:00:00.000000Z",
      name: "plain",
      description: null,
      type: "process",
      base_job_template: {},
      is_paused: false,
      concurrency_limit: null,
      status: "NOT_READY",
      default_queue_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      storage_configuration: {
        bundle_upload_step: null,
        bundle_execution_step: null,
        default_result_storage_block_id: null,
      },
      active_slots: null,
    });
    expect((await api.get("/work_pools/plain")).body).toEqual(created.body);
    expect((await api.post("/work_pools/plain/queues/filter", {})).body).toMatchObject([
      { name: "default", priority: 1, description: "The work pool's default queue.", status: "NOT_READY" },
    ]);
  });

  it("keep every declared field, and the template key by key", async () => {
    const api = apiOn(store());
    const template = {
      job_configuration: { command: "{{ command }}", env: { __proto__x: "1", "a b": null } },
      variables: { type: "object", properties: { command: { type: "string", title: "Command" } } },
    };
    const storage = {
      bundle_upload_step: { step: { a: 1 } },
      bundle_execution_step: null,
      default_result_storage_block_id: "0b0e6e0c-4d7f-4d6a-9f0e-3a8f1d2c3b4a",
    };
    const created = await api.post("/work_pools/", {
      name: "full #1?",
      type: "kubernetes",
      description: "d",
      is_paused: true,
      concurrency_limit: 0,
      base_job_template: template,
      storage_configuration: storage,
    });
    expect(created.status).toBe(201);
    const read = await api.get(`/work_pools/${encodeURIComponent("full #1?")}`);
    expect(read.body).toMatchObject({
      description: "d",
      is_paused: true,
      concurrency_limit: 0,
      status: "PAUSED",
      active_slots: 0,
      base_job_template: template,
      storage_configuration: storage,
    });
    expect(read.body).toEqual(created.body);
  });

  it("are changed field by field: only what is sent changes", async () => {
    const api = apiOn(store());
    const { body: before } = await api.post("/work_pools/", { name: "change", type: "docker", description: "old" });
    api.clock.advance(1.5);
    expect((await api.patch("/work_pools/change", { concurrency_limit: 4 })).status).toBe(204);
    expect((await api.get("/work_pools/change")).body).toEqual({
      ...(before as object),
      updated: "2026-11-21T12:00:01.500000Z",
      concurrency_limit: 4,
      active_slots: 0,
    });
    await api.patch("/work_pools/change", { concurrency_limit: null, description: null });
    expect((await api.get("/work_pools/change")).body).toMatchObject({ concurrency_limit: null, description: null });
  });

  it.each([
    ["a name that is taken", { name: "taken", type: "process" }, 409],
    ["a reserved name", { name: "PREFECT-managed", type: "process" }, 403],
    ["a name with a slash", { name: "a/b" }, 422],
    ["a blank name", { name: " '" }, 422],
    ["no name", {}, 422],
    ["an unknown field", { name: "x", kind: "process" }, 422],
    ["a negative limit", { name: "x", concurrency_limit: -1 }, 422],
    ["a limit beyond 32 bits", { name: "x", concurrency_limit: 2 ** 31 }, 422],
    ["a null flag", { name: "x", is_paused: null }, 422],
    ["a lone surrogate in a name", { name: "x\ud800" }, 422],
    ["a NUL in a name", { name: "x\u0000" }, 422],
    ["a list as a template", { name: "x", base_job_template: [] }, 422],
    ["an unknown storage key", { name: "x", storage_configuration: { a: 1 } }, 422],
    ["no body", undefined, 422],
  ])("refuse %s", async (_, body, status) => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "taken", type: "process" });
    expect((await api.post("/work_pools/", body)).status).toBe(status);
    expect((await api.get("/work_pools/x")).status).toBe(404);
  });

  it.each(["is_paused", "base_job_template", "storage_configuration", "name", "type"])(
    "refuse a null or foreign %s in a change, and change nothing",
    async (field) => {
      const api = apiOn(store());
      await api.post("/work_pools/", { name: "steady", type: "process" });
      expect((await api.patch("/work_pools/steady", { description: "x", [field]: null })).status).toBe(422);
      expect((await api.get("/work_pools/steady")).body).toMatchObject({ description: null });
    },
  );

  it("with reserved names may only be paused and limited, and never deleted", async () => {
    const api = apiOn(store());
    expect((await api.patch("/work_pools/prefect-x", { description: "x" })).status).toBe(403);
    expect((await api.patch("/work_pools/prefect-x", { is_paused: true })).status).toBe(404);
    expect((await api.delete("/work_pools/Prefect-x")).status).toBe(403);
  });

  it("are gone with their queues and workers once deleted", async () => {
    const api = apiOn(store());
    const { body: pool } = await api.post("/work_pools/", { name: "doomed", type: "process" });
    await api.post("/work_pools/doomed/workers/heartbeat", { name: "w" });
    expect((await api.delete("/work_pools/doomed")).status).toBe(204);
    expect((await api.delete("/work_pools/doomed")).status).toBe(404);
    expect((await api.get(`/work_queues/${(pool as { default_queue_id: string }).default_queue_id}`)).status).toBe(404);
    await api.post("/work_pools/", { name: "doomed", type: "process" });
    expect((await api.post("/work_pools/doomed/workers/filter", {})).body).toEqual([]);
  });

  it("are listed by name, filtered, paged and counted", async () => {
    const api = apiOn(store());
    for (const name of ["list-b", "list-a", "list-C"]) await api.post("/work_pools/", { name, type: `type-${name}` });
    const names = async (body: object) =>
      ((await api.post("/work_pools/filter", body)).body as { name: string }[]).map((pool) => pool.name);
    const mine = { name: { any_: ["list-a", "list-b", "list-C", "absent"] } };
    expect(await names({ work_pools: mine })).toEqual(["list-C", "list-a", "list-b"]);
    expect(await names({ work_pools: mine, limit: 1, offset: 1 })).toEqual(["list-a"]);
    expect(await names({ work_pools: mine, limit: 0 })).toEqual([]);
    expect(await names({ work_pools: { ...mine, type: { any_: ["type-list-b"] } } })).toEqual(["list-b"]);
    const either = { operator: "or_", name: { any_: ["list-a"] }, type: { any_: ["type-list-b"] } };
    expect(await names({ work_pools: either })).toEqual(["list-a", "list-b"]);
    expect(await names({ work_pools: { name: { any_: [] } } })).toEqual([]);
    expect((await api.post("/work_pools/count", { work_pools: mine })).body).toBe(3);
    expect(
      await names({ work_pools: { name: { any_: Array.from({ length: 50_000 }, (_, i) => `no-${i}`) } } }),
    ).toEqual([]);
  });

  it("hide the newest storage field from clients that can't read it", async () => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "old-client", type: "process" });
    const storage = async (agent: string) => {
      const { body } = await api.get("/work_pools/old-client", { "user-agent": agent });
      return Object.keys((body as { storage_configuration: object }).storage_configuration);
    };
    expect(await storage("prefect/3.3.7 (API 0.8.4)")).toEqual(["bundle_upload_step", "bundle_execution_step"]);
    expect(await storage("prefect/3.3.8 (API 0.8.4)")).toContain("default_result_storage_block_id");
  });
});
