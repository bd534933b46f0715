import { expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import type { Change } from "../../../server/domain/changes.ts";
import { foreman } from "../../../server/services/foreman.ts";
import { type Api, apiOn } from "../support/api.ts";
import { onEachStore } from "../support/stores.ts";

interface Known {
  id: string;
  status: string;
  updated: string;
}

onEachStore("the foreman", (store) => {
  let count = 0;

  async function world() {
    count += 1;
    const api = apiOn(store());
    const pool = `pool-${count}`;
    await api.post("/work_pools/", { name: pool, type: "process" });
    const context = createContext({ store: store(), clock: api.clock });
    const changes: Change[] = [];
    context.changes.listen((some) => changes.push(...some));
    return { api, pool, changes, pass: () => foreman.run(context) };
  }

  const poolOf = async (api: Api, name: string) => (await api.get(`/work_pools/${name}`)).body as Known;
  const queueOf = async (api: Api, name: string) => (await api.get(`/work_pools/${name}/queues/default`)).body as Known;

  async function online(api: Api, pool: string): Promise<string[]> {
    const { body } = await api.post(`/work_pools/${pool}/workers/filter`, {
      workers: { status: { any_: ["ONLINE"] } },
    });
    return (body as { name: string }[]).map(({ name }) => name).sort();
  }

  it("gives up a worker after three missed heartbeats, and its pool with the last one", async () => {
    const { api, pool, pass, changes } = await world();
    const beat = (name: string, seconds?: number) =>
      api.post(`/work_pools/${pool}/workers/heartbeat`, { name, heartbeat_interval_seconds: seconds ?? null });
    await beat("quick", 2);
    await beat("usual");
    api.clock.advance(7);
    await pass();
    expect(await online(api, pool)).toEqual(["usual"]);
    expect((await poolOf(api, pool)).status).toBe("READY");
    api.clock.advance(90);
    await pass();
    expect(await online(api, pool)).toEqual([]);
    expect((await poolOf(api, pool)).status).toBe("NOT_READY");
    const mine = changes.filter((change) => change.kind === "work-pool" && change.object.after?.name === pool);
    expect(mine).toMatchObject([{ object: { before: { status: "READY" }, after: { status: "NOT_READY" } } }]);
    await beat("usual");
    await pass();
    expect((await poolOf(api, pool)).status).toBe("READY");
  });

  it("leaves a paused pool paused", async () => {
    const { api, pool, pass } = await world();
    await api.patch(`/work_pools/${pool}`, { is_paused: true });
    api.clock.advance(1000);
    await pass();
    expect((await poolOf(api, pool)).status).toBe("PAUSED");
  });

  it("takes a queue and its deployments for unserved a minute after the last poll", async () => {
    const { api, pool, pass, changes } = await world();
    const { body: flow } = await api.post("/flows/", { name: `foreman-${count}` });
    const created = await api.post("/deployments/", { name: "d", flow_id: (flow as Known).id, work_pool_name: pool });
    const { id, updated } = created.body as Known;
    await api.post(`/work_pools/${pool}/get_scheduled_flow_runs`, {});
    const deployment = async () => (await api.get(`/deployments/${id}`)).body as Known;
    await expect.poll(async () => (await deployment()).status).toBe("READY");
    api.clock.advance(60);
    await pass();
    expect([(await queueOf(api, pool)).status, (await deployment()).status]).toEqual(["READY", "READY"]);
    api.clock.advance(1);
    await pass();
    expect([(await queueOf(api, pool)).status, (await deployment()).status]).toEqual(["NOT_READY", "NOT_READY"]);
    expect((await deployment()).updated).toBe(updated);
    expect(changes.map((change) => change.kind).sort()).toEqual(["deployment", "work-queue"]);
    await pass();
    expect(changes).toHaveLength(2);
  });

  it("takes a served deployment for unserved a minute after its process last asked", async () => {
    const { api, pass } = await world();
    const { body: flow } = await api.post("/flows/", { name: `served-${count}` });
    const created = await api.post("/deployments/", { name: "d", flow_id: (flow as Known).id });
    const { id, updated } = created.body as Known;
    const deployment = async () => (await api.get(`/deployments/${id}`)).body as Known & { last_polled: string };
    api.clock.advance(5);
    await api.post("/deployments/get_scheduled_flow_runs", { deployment_ids: [id] });
    await expect.poll(async () => (await deployment()).status).toBe("READY");
    expect(await deployment()).toMatchObject({ last_polled: "2026-11-21T12:00:05.000000Z", updated });
    api.clock.advance(61);
    await pass();
    expect((await deployment()).status).toBe("NOT_READY");
  });
});
