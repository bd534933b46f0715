import { expect, it } from "vitest";
import { apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

interface Limit {
  id: string;
  active_slots: number;
}

onEachStore("global concurrency limits", (store) => {
  const limited = async (name: string, limit: number, more: object = {}) => {
    const api = apiOn(store());
    expect((await api.post("/v2/concurrency_limits/", { name, limit, ...more })).status).toBe(201);
    return {
      api,
      active: async () => ((await api.get(`/v2/concurrency_limits/${name}`)).body as Limit).active_slots,
      take: (slots = 1, more: object = {}) =>
        api.post("/v2/concurrency_limits/increment", { names: [name], slots, ...more }),
    };
  };

  it("are created, read by name and by id, changed, renamed and deleted", async () => {
    const { api } = await limited("life", 3);
    const read = await api.get("/v2/concurrency_limits/life");
    const { id } = read.body as Limit;
    expect(read.body).toEqual({
      id,
      created: "2026-11-21T12:00:00.000000Z",
      updated: "2026-11-21T12:00:00.000000Z",
      name: "life",
      limit: 3,
      active: true,
      active_slots: 0,
      slot_decay_per_second: 0,
    });
    api.clock.advance(1);
    expect((await api.patch(`/v2/concurrency_limits/${id}`, { name: "renamed", active: false })).status).toBe(204);
    expect((await api.get(`/v2/concurrency_limits/${id}`)).body).toMatchObject({
      id,
      name: "renamed",
      active: false,
      limit: 3,
      updated: "2026-11-21T12:00:01.000000Z",
    });
    expect((await api.delete("/v2/concurrency_limits/renamed")).status).toBe(204);
    expect((await api.delete(`/v2/concurrency_limits/${id}`)).body).toEqual({ detail: "Concurrency Limit not found" });
  });

  it("refuse a second one of a name, also by renaming", async () => {
    const { api } = await limited("one", 1);
    await limited("two", 1);
    expect((await api.post("/v2/concurrency_limits/", { name: "one", limit: 1 })).status).toBe(409);
    expect((await api.patch("/v2/concurrency_limits/two", { name: "one" })).status).toBe(409);
  });

  it.each([
    ["null for a limit", { limit: null }],
    ["a negative limit", { limit: -1 }],
    ["a name with a slash", { name: "a/b" }],
    ["an infinite decay", { slot_decay_per_second: "Infinity" }],
  ])("refuse %s in a change", async (_, changes) => {
    const api = apiOn(store());
    await api.post("/v2/concurrency_limits/", { name: "steady", limit: 1 });
    expect((await api.patch("/v2/concurrency_limits/steady", changes)).status).toBe(422);
  });

  it("give out so many slots and no more, whoever asks at once", async () => {
    const { take, active } = await limited("full", 5);
    const answers = await Promise.all(Array.from({ length: 20 }, () => take()));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(5);
    const locked = answers.filter((answer) => answer.status === 423);
    expect(locked).toHaveLength(15);
    expect(locked[0]?.body).toEqual({ detail: "Locked" });
    expect(Number(locked[0]?.headers["retry-after"])).toBeGreaterThan(0);
    expect(await active()).toBe(5);
  });

  it("take from all the named ones or from none", async () => {
    const { api, active } = await limited("all-a", 2);
    await limited("all-b", 1, { active_slots: 1 });
    const both = { names: ["all-a", "all-b", "unknown"], slots: 1 };
    expect((await api.post("/v2/concurrency_limits/increment", both)).status).toBe(423);
    expect(await active()).toBe(0);
    await api.patch("/v2/concurrency_limits/all-b", { active: false });
    const taken = await api.post("/v2/concurrency_limits/increment", both);
    expect((taken.body as { name: string }[]).map((limit) => limit.name)).toEqual(["all-a", "all-b"]);
    expect(await active()).toBe(1);
  });

  it("refuse what could never be had", async () => {
    const { take } = await limited("never", 2);
    expect(await take(3)).toMatchObject({ status: 422, body: { detail: "Slots requested is greater than the limit" } });
    expect((await take(1, { mode: "rate_limit" })).status).toBe(422);
    expect((await take(0)).status).toBe(422);
  });

  it("never count below zero when more is given back than was taken", async () => {
    const { api, take, active } = await limited("below", 3);
    await take(2);
    await api.post("/v2/concurrency_limits/decrement", { names: ["below", "unknown"], slots: 3 });
    expect(await active()).toBe(0);
  });

  it("free slots by themselves when they decay, and asking in vain does not stop that", async () => {
    const { api, take, active } = await limited("rate", 2, { slot_decay_per_second: 0.5 });
    expect((await take(2, { mode: "rate_limit" })).status).toBe(200);
    for (let second = 1; second <= 3; second++) {
      api.clock.advance(0.5);
      expect((await take(1)).status).toBe(423);
    }
    api.clock.advance(0.5);
    expect(await active()).toBe(1);
    expect((await take(1)).status).toBe(200);
    expect(await active()).toBe(2);
    api.clock.advance(100);
    expect(await active()).toBe(0);
  });

  it("are held by leases, which are renewed and given back once", async () => {
    const { api, active } = await limited("leased", 2);
    const taken = await api.post("/v2/concurrency_limits/increment-with-lease", { names: ["leased"], slots: 2 });
    const { lease_id } = taken.body as { lease_id: string };
    expect(taken.body).toMatchObject({ limits: [{ name: "leased", limit: 2 }] });
    expect((await api.post(`/v2/concurrency_limits/leases/${lease_id}/renew`, { lease_duration: 60 })).status).toBe(
      204,
    );
    const back = () => api.post("/v2/concurrency_limits/decrement-with-lease", { lease_id });
    expect((await Promise.all([back(), back(), back()])).map((answer) => answer.status)).toEqual([204, 204, 204]);
    expect(await active()).toBe(0);
    const renewal = await api.post(`/v2/concurrency_limits/leases/${lease_id}/renew`, {});
    expect(renewal).toMatchObject({
      status: 410,
      body: { detail: "Lease not found - it may have expired or been revoked" },
    });
  });

  it("give back a lease only what that lease took", async () => {
    const { api, take, active } = await limited("shares", 5);
    await take(2);
    const taken = await api.post("/v2/concurrency_limits/increment-with-lease", { names: ["shares"], slots: 3 });
    await api.post("/v2/concurrency_limits/decrement-with-lease", {
      lease_id: (taken.body as { lease_id: string }).lease_id,
    });
    expect(await active()).toBe(2);
  });

  it("take a list of many thousand names", async () => {
    const { api } = await limited("needle", 1);
    const names = [...Array.from({ length: 20_000 }, (_, index) => `hay-${index}`), "needle"];
    const taken = await api.post("/v2/concurrency_limits/increment", { names, slots: 1 });
    expect((taken.body as { name: string }[]).map((limit) => limit.name)).toEqual(["needle"]);
  });
});
