import { expect, it } from "vitest";
import { randomFrom } from "../fuzz/random.ts";
import { apiOn } from "../support/api.ts";
import { newFlow, newRun, readRun, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

const WORKERS = 6;
const RUNS = 40;
const MOST_ROUNDS = 100;

interface Polled {
  flow_run: { id: string };
}

onEachStore("workers that share a pool", (store) => {
  it("take every run once, and never more at a time than the pool and its queues allow", async () => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "shared", type: "process", concurrency_limit: 5 });
    const limits = new Map([
      ["urgent", 2],
      ["usual", 4],
    ]);
    for (const [name, concurrency_limit] of limits) {
      await api.post("/work_pools/shared/queues", { name, concurrency_limit, priority: name === "urgent" ? 1 : 2 });
    }
    const flow_id = await newFlow(api);
    const queueOf = new Map<string, string>();
    for (let count = 0; count < RUNS; count++) {
      const work_queue_name = count % 3 === 0 ? "urgent" : "usual";
      const state = { type: "SCHEDULED" };
      const run = await newRun(api, { flow_id, work_pool_name: "shared", work_queue_name, state });
      queueOf.set(run.id, work_queue_name);
    }

    const accepted: string[] = [];
    const going = new Set<string>();
    const trespasses: string[] = [];
    const begin = (id: string) => {
      accepted.push(id);
      going.add(id);
      if (going.size > 5) trespasses.push(`${going.size} runs in the pool`);
      for (const [queue, limit] of limits) {
        const inQueue = [...going].filter((run) => queueOf.get(run) === queue).length;
        if (inQueue > limit) trespasses.push(`${inQueue} runs in ${queue}`);
      }
    };
    const random = randomFrom("workers");
    const claimAll = async (most: number): Promise<void> => {
      const polled = await api.post("/work_pools/shared/get_scheduled_flow_runs", { limit: most });
      for (const { flow_run } of polled.body as Polled[]) {
        const claim = await setState(api, flow_run.id, { type: "PENDING" });
        if (claim.body.status === "ACCEPT") begin(flow_run.id);
        else expect(claim.body.status).toBe("ABORT");
      }
    };
    const finish = async (id: string): Promise<void> => {
      await setState(api, id, { type: "RUNNING" });
      going.delete(id);
      const end = await setState(api, id, { type: random.pick(["COMPLETED", "FAILED", "CRASHED"]) });
      expect(end.body.status).toBe("ACCEPT");
    };
    // In rounds: a run that ends while somebody still means to claim it may run again, on Prefect's server too.
    for (let round = 0; round < MOST_ROUNDS && accepted.length < RUNS; round++) {
      await Promise.all(Array.from({ length: WORKERS }, () => claimAll(1 + random.below(5))));
      await Promise.all([...going].filter(() => random.chance(0.6)).map(finish));
    }
    await Promise.all([...going].map(finish));

    expect(trespasses).toEqual([]);
    expect(accepted.toSorted()).toEqual([...queueOf.keys()].toSorted());
    const ends = await Promise.all(accepted.map((id) => readRun(api, id)));
    expect(ends.filter((run) => !["COMPLETED", "FAILED", "CRASHED"].includes(run.state_type))).toEqual([]);
  }, 60_000);
});
