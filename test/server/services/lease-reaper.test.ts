import { expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import { endExpiredLease } from "../../../server/domain/concurrency-limits/leases.ts";
import { leaseReaper } from "../../../server/services/lease-reaper.ts";
import { addSeconds } from "../../../server/values/timestamp.ts";
import { apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

onEachStore("the lease reaper", (store) => {
  const setting = async (name: string, limit = 5) => {
    const api = apiOn(store());
    expect((await api.post("/v2/concurrency_limits/", { name, limit })).status).toBe(201);
    const context = createContext({ store: store(), clock: api.clock });
    return {
      api,
      context,
      reap: () => leaseReaper.run(context),
      active: async () =>
        ((await api.get(`/v2/concurrency_limits/${name}`)).body as { active_slots: number }).active_slots,
      lease: async (slots: number, seconds: number) => {
        const body = { names: [name], slots, lease_duration: seconds };
        const { body: answer } = await api.post("/v2/concurrency_limits/increment-with-lease", body);
        return (answer as { lease_id: string }).lease_id;
      },
      renew: (id: string) =>
        api.post(`/v2/concurrency_limits/leases/${id}/renew`, { lease_duration: 60 }).then(({ status }) => status),
    };
  };

  it("gives back the slots of leases that ran out, once, and of no other", async () => {
    const { api, reap, active, lease, renew } = await setting("reaped");
    const short = await lease(2, 60);
    const long = await lease(1, 120);
    api.clock.advance(59);
    await reap();
    expect(await active()).toBe(3);
    api.clock.advance(1);
    await reap();
    await reap();
    expect(await active()).toBe(1);
    expect([await renew(short), await renew(long)]).toEqual([410, 204]);
  });

  it("leaves a lease alone that is renewed while it looks", async () => {
    const { api, context, active, lease, renew } = await setting("renewed");
    const id = await lease(1, 60);
    const expiry = addSeconds(api.clock.now(), 60);
    expect(await renew(id)).toBe(204);
    api.clock.advance(1);
    expect(await renew(id)).toBe(204);
    expect(await store().write((tx) => endExpiredLease(context, tx, id, expiry))).toBe(false);
    expect(await active()).toBe(1);
  });

  it("lets a tag limit's slots go that a task run has held for too long", async () => {
    const { api, reap } = await setting("unused");
    expect((await api.post("/concurrency_limits/", { tag: "reaped", concurrency_limit: 1 })).status).toBe(201);
    const body = { names: ["tag:reaped"], slots: 1, lease_duration: 60 };
    expect((await api.post("/v2/concurrency_limits/increment-with-lease", body)).status).toBe(200);
    expect((await api.post("/v2/concurrency_limits/increment-with-lease", body)).status).toBe(423);
    api.clock.advance(60);
    await reap();
    expect((await api.post("/v2/concurrency_limits/increment-with-lease", body)).status).toBe(200);
  });

  it("ends more leases in a pass than it looks up at once", async () => {
    const { api, reap, active, lease } = await setting("many", 250);
    for (let count = 0; count < 250; count++) await lease(1, 60);
    expect(await active()).toBe(250);
    api.clock.advance(61);
    await reap();
    expect(await active()).toBe(0);
  });
});
