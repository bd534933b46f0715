import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

interface TagLimit {
  id: string;
  active_slots: string[];
}

onEachStore("tag limits", (store) => {
  const limited = async (tag: string, concurrency_limit: number) => {
    const api = apiOn(store());
    const created = await api.post("/concurrency_limits/", { tag, concurrency_limit });
    return {
      api,
      created,
      holders: async () => ((await api.get(`/concurrency_limits/tag/${tag}`)).body as TagLimit).active_slots,
      take: (task_run_id: string) => api.post("/concurrency_limits/increment", { names: [tag], task_run_id }),
      giveBack: (task_run_id: string) => api.post("/concurrency_limits/decrement", { names: [tag], task_run_id }),
    };
  };

  it("are set again under the same id", async () => {
    const first = await limited("again", 1);
    expect(first.created.status).toBe(201);
    const second = await limited("again", 7);
    expect(second.created).toMatchObject({
      status: 200,
      body: { id: (first.created.body as TagLimit).id, concurrency_limit: 7, active_slots: [] },
    });
  });

  it("are the global limits named after them", async () => {
    const { api, created, take } = await limited("both", 2);
    await take(randomUUID());
    const { id } = created.body as TagLimit;
    expect((await api.get("/v2/concurrency_limits/tag:both")).body).toMatchObject({ id, limit: 2, active_slots: 1 });
    expect((await api.get(`/concurrency_limits/${id}`)).body).toMatchObject({ id, tag: "both" });
    await api.post("/v2/concurrency_limits/", { name: "plain", limit: 1 });
    const plain = (await api.get("/v2/concurrency_limits/plain")).body as TagLimit;
    expect((await api.get(`/concurrency_limits/${plain.id}`)).status).toBe(404);
  });

  it("are listed by tag, without other limits between them", async () => {
    const { api } = await limited("list-b", 1);
    await limited("list-a", 1);
    await api.post("/v2/concurrency_limits/", { name: "aaa", limit: 1 });
    const tags = async (body: object) =>
      ((await api.post("/concurrency_limits/filter", body)).body as { tag: string }[])
        .map((limit) => limit.tag)
        .filter((tag) => tag.startsWith("list-"));
    expect(await tags({})).toEqual(["list-a", "list-b"]);
  });

  it("name the task runs that hold a slot, until they give it back", async () => {
    const { take, giveBack, holders } = await limited("held", 2);
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
    expect((await take(a)).body).toMatchObject([{ name: "held", limit: 2 }]);
    await take(b);
    const full = await take(c);
    expect(full).toMatchObject({
      status: 423,
      body: { detail: "Concurrency limit for the held tag has been reached" },
    });
    expect(full.headers["retry-after"]).toBe("10.0");
    expect(new Set(await holders())).toEqual(new Set([a, b]));
    expect((await giveBack(a)).body).toMatchObject([{ name: "tag:held" }]);
    await giveBack(a);
    expect(await holders()).toEqual([b]);
    expect((await take(c)).status).toBe(200);
  });

  it("of 0 lock for good, and say so", async () => {
    const { take } = await limited("closed", 0);
    const closed = await take(randomUUID());
    expect(closed.status).toBe(423);
    expect(closed.headers["retry-after"]).toBeUndefined();
  });

  it("are free again after a reset, but for the holders it names", async () => {
    const { api, take, holders } = await limited("reset", 2);
    await take(randomUUID());
    await take(randomUUID());
    const kept = randomUUID();
    expect(await api.post("/concurrency_limits/tag/reset/reset", { slot_override: [kept] })).toMatchObject({
      status: 200,
      body: null,
    });
    expect(await holders()).toEqual([kept]);
    expect((await take(randomUUID())).status).toBe(200);
    expect((await take(randomUUID())).status).toBe(423);
    await api.post("/concurrency_limits/tag/reset/reset");
    expect(await holders()).toEqual([]);
  });

  it("are deleted with what is held", async () => {
    const { api, take, created } = await limited("gone", 1);
    const run = randomUUID();
    await take(run);
    expect(await api.delete(`/concurrency_limits/${(created.body as TagLimit).id}`)).toMatchObject({
      status: 200,
      body: null,
    });
    expect((await api.delete("/concurrency_limits/tag/gone")).status).toBe(404);
    const fresh = await limited("gone", 1);
    expect(await fresh.holders()).toEqual([]);
    expect((await fresh.giveBack(run)).status).toBe(200);
  });

  it("refuse a limit below nothing", async () => {
    expect((await limited("negative", -1)).created.status).toBe(422);
  });
});
