import { expect, it } from "vitest";
import type { Store } from "../../../server/index.ts";
import { type Api, apiOn } from "../support/api.ts";
import { deploy, newFlow, newRun, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

interface Polled {
  work_queue_id: string;
  flow_run: { id: string; name: string };
}

async function poll(api: Api, pool: string, body: object = {}): Promise<string[]> {
  const answer = await api.post(`/work_pools/${pool}/get_scheduled_flow_runs`, body);
  return (answer.body as Polled[]).map((polled) => polled.flow_run.name);
}

/** What was left to be done is done when a server has been closed. */
async function afterwards<T>(api: Api, store: Store, read: (api: Api) => Promise<T>): Promise<T> {
  await api.app.close();
  return read(apiOn(store));
}

onEachStore("polling", (store) => {
  /** A pool with queues by priority, and runs in them: name, queue, minutes after noon. */
  const world = async (pool: string, queues: Record<string, object>, runs: [string, string, number][]) => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: pool, type: "process" });
    for (const [name, given] of Object.entries(queues))
      await api.post(`/work_pools/${pool}/queues`, { name, ...given });
    const flow_id = await newFlow(api);
    const ids = new Map<string, string>();
    for (const [name, work_queue_name, minute] of runs) {
      const scheduled_time = `2026-11-21T12:${String(minute).padStart(2, "0")}:00Z`;
      const state = { type: "SCHEDULED", state_details: { scheduled_time } };
      ids.set(name, (await newRun(api, { flow_id, name, work_pool_name: pool, work_queue_name, state })).id);
    }
    const claim = async (name: string) => setState(api, ids.get(name) ?? "", { type: "PENDING" });
    return { api, ids, claim };
  };

  it("serves queues strictly by priority, each by time, up to every limit", async () => {
    const { api, claim } = await world(
      "order",
      { hi: { priority: 1, concurrency_limit: 2 }, mid: { priority: 2 }, lo: { priority: 3 } },
      [
        ["lo1", "lo", 1],
        ["lo2", "lo", 2],
        ["mid1", "mid", 11],
        ["mid2", "mid", 10],
        ["hi1", "hi", 22],
        ["hi2", "hi", 21],
        ["hi3", "hi", 20],
      ],
    );
    expect(await poll(api, "order")).toEqual(["hi3", "hi2", "mid2", "mid1", "lo1", "lo2"]);
    await api.patch("/work_pools/order", { concurrency_limit: 5 });
    expect(await poll(api, "order")).toEqual(["hi3", "hi2", "mid2", "mid1", "lo1"]);
    for (const name of ["hi3", "hi2", "mid2"]) await claim(name);
    expect(await poll(api, "order")).toEqual(["mid1", "lo1"]);
    expect(await poll(api, "order", { limit: 1 })).toEqual(["mid1"]);
    await api.patch("/work_pools/order/queues/hi", { concurrency_limit: 3 });
    expect(await poll(api, "order")).toEqual(["hi1", "mid1"]);
  });

  it("hands out what was free, and lets no more runs be claimed than have a place, however many claim at once", async () => {
    const runs = Array.from({ length: 6 }, (_, index): [string, string, number] => [`r${index}`, "q", index]);
    const { api, ids, claim } = await world("claimed", { q: { concurrency_limit: 3 } }, runs);
    await api.patch("/work_pools/claimed", { concurrency_limit: 5 });
    const claims = await Promise.all([...ids.keys()].map(claim));
    expect(claims.filter(({ body }) => body.status === "ACCEPT")).toHaveLength(3);
    const refused = claims.find(({ body }) => body.status !== "ACCEPT");
    expect(refused?.body).toMatchObject({
      status: "ABORT",
      details: { reason: "The concurrency limit of the work queue is reached." },
    });
    await api.patch("/work_pools/claimed", { concurrency_limit: 3 });
    await api.patch("/work_pools/claimed/queues/q", { concurrency_limit: null });
    const [waiting = ""] = [...ids.keys()].filter((_, index) => claims[index]?.body.status === "ABORT");
    expect((await claim(waiting)).body).toMatchObject({
      details: { reason: "The concurrency limit of the work pool is reached." },
    });
    const [going = ""] = [...ids.keys()].filter((_, index) => claims[index]?.body.status === "ACCEPT");
    await setState(api, ids.get(going) ?? "", { type: "PENDING", name: "Submitting" });
    await setState(api, ids.get(going) ?? "", { type: "COMPLETED" });
    expect((await claim(waiting)).body.status).toBe("ACCEPT");
  });

  it("mixes queues of the same priority by time", async () => {
    const { api, ids } = await world("equal", { a: {}, b: {} }, [
      ["a1", "a", 1],
      ["b2", "b", 2],
      ["a3", "a", 3],
      ["b4", "b", 4],
    ]);
    expect(ids.size).toBe(4);
    // The old route does not re-rank.
    for (const name of ["a", "b"]) {
      const { id } = (await api.get(`/work_pools/equal/queues/${name}`)).body as { id: string };
      await api.patch(`/work_queues/${id}`, { priority: 7 });
    }
    expect(await poll(api, "equal")).toEqual(["a1", "b2", "a3", "b4"]);
    expect(await poll(api, "equal", { limit: 3 })).toEqual(["a1", "b2", "a3"]);
  });

  it("gives two pollers the same runs: only a claim takes them", async () => {
    const { api, claim } = await world("claims", { q: {} }, [
      ["r1", "q", 1],
      ["r2", "q", 2],
    ]);
    expect(await poll(api, "claims")).toEqual(["r1", "r2"]);
    expect(await poll(api, "claims")).toEqual(["r1", "r2"]);
    await claim("r1");
    expect(await poll(api, "claims")).toEqual(["r2"]);
  });

  it("marks the queues that were asked, and what is deployed on them, ready when it has been answered", async () => {
    const { api } = await world("marks", { asked: {}, other: {}, paused: {} }, []);
    await api.patch("/work_pools/marks/queues/paused", { is_paused: true });
    const deployed = await deploy(api, { work_pool_name: "marks", work_queue_name: "asked" });
    await poll(api, "marks", { work_queue_names: ["asked", "paused"] });
    const [status, queues] = await afterwards(api, store(), async (api) => [
      ((await api.get(`/deployments/${deployed.deployment_id}`)).body as { status: string }).status,
      (await api.post("/work_pools/marks/queues/filter", {})).body as {
        name: string;
        status: string;
        last_polled: string;
      }[],
    ]);
    expect(status).toBe("READY");
    expect(Object.fromEntries(queues.map((queue) => [queue.name, [queue.status, queue.last_polled !== null]]))).toEqual(
      {
        default: ["NOT_READY", false],
        asked: ["READY", true],
        other: ["NOT_READY", false],
        paused: ["PAUSED", true],
      },
    );
  });

  it("does not mark a queue that a user interface looks at", async () => {
    const { api } = await world("looks", { q: {} }, [["r", "q", 1]]);
    const { id } = (await api.get("/work_pools/looks/queues/q")).body as { id: string };
    const seen = await api.post(`/work_queues/${id}/get_runs`, {}, { "x-prefect-ui": "true" });
    expect((seen.body as { name: string }[]).map((run) => run.name)).toEqual(["r"]);
    const queue = await afterwards(api, store(), async (api) => (await api.get(`/work_queues/${id}`)).body);
    expect(queue).toMatchObject({ status: "NOT_READY", last_polled: null });
  });
});
