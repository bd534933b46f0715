import { expect, it } from "vitest";
import { randomFrom } from "../fuzz/random.ts";
import { apiOn } from "../support/api.ts";
import { deploy, newFlow, newRun } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

const WRITERS = 16;
const STEPS = 15;

onEachStore("sixteen parallel writers", (store) => {
  it("are all answered with what their requests deserve, though they write the same things", async () => {
    const api = apiOn(store());
    const pool = "crowded";
    await api.post("/work_pools/", { name: pool, type: "process", concurrency_limit: 3 });
    await api.post("/v2/concurrency_limits/", { name: "crowded", limit: 4 });
    await api.post("/variables/", { name: "crowded", value: 0 });
    const flow_id = await newFlow(api);
    const { deployment_id } = await deploy(api, { work_pool_name: pool, concurrency_limit: 2 });
    const runs = await Promise.all(Array.from({ length: 4 }, () => newRun(api, { flow_id })));
    let count = 0;
    const next = () => {
      count += 1;
      return count;
    };

    const steps: ((random: ReturnType<typeof randomFrom>) => [allowed: number[], Promise<{ status: number }>])[] = [
      () => [[204], api.post(`/work_pools/${pool}/workers/heartbeat`, { name: "w", heartbeat_interval_seconds: 5 })],
      (random) => [
        [201, 409],
        api.post(`/work_pools/${pool}/queues`, { name: `q${random.below(8)}`, priority: 1 + random.below(4) }),
      ],
      (random) => [
        [204, 404],
        api.patch(`/work_pools/${pool}/queues/q${random.below(8)}`, {
          priority: 1 + random.below(4),
          is_paused: false,
        }),
      ],
      (random) => [[204, 404], api.delete(`/work_pools/${pool}/queues/q${random.below(8)}`)],
      (random) => [
        [204],
        api.patch(`/work_pools/${pool}`, { is_paused: random.chance(0.3), description: `${next()}` }),
      ],
      (random) => [[200], api.post(`/work_pools/${pool}/get_scheduled_flow_runs`, { limit: random.below(20) })],
      () => [[201], api.post(`/deployments/${deployment_id}/create_flow_run`, {})],
      (random) => [[200, 201], api.post("/flow_runs/", { flow_id, idempotency_key: `key ${random.below(5)}` })],
      (random) => [
        [200, 201],
        api.post(`/flow_runs/${random.pick(runs).id}/set_state`, {
          state: { type: random.pick(["SCHEDULED", "PENDING", "RUNNING", "COMPLETED"]) },
          force: random.chance(0.5),
        }),
      ],
      (random) => [[200], api.post(`/deployments/${deployment_id}/${random.pick(["pause", "resume"])}_deployment`)],
      (random) => [
        [200, 201],
        api.post("/deployments/", { name: `d${random.below(3)}`, flow_id, work_pool_name: pool, schedules: [] }),
      ],
      () => [[200, 423], api.post("/v2/concurrency_limits/increment", { names: ["crowded"], slots: 1 })],
      () => [[200], api.post("/v2/concurrency_limits/decrement", { names: ["crowded"], slots: 1 })],
      (random) => [[200, 201], api.post("/concurrency_limits/", { tag: `t${random.below(3)}`, concurrency_limit: 2 })],
      () => [[204], api.patch("/variables/name/crowded", { value: next() })],
    ];
    const surprises: string[] = [];
    const writer = async (number: number): Promise<void> => {
      const random = randomFrom(`writer ${number}`);
      for (let step = 0; step < STEPS; step++) {
        const at = random.below(steps.length);
        const [allowed, answer] = (steps[at] as (typeof steps)[number])(random);
        const { status } = await answer;
        if (!allowed.includes(status)) surprises.push(`step ${at} of writer ${number}: ${status}`);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
    expect(surprises).toEqual([]);

    const queues = (await api.post(`/work_pools/${pool}/queues/filter`)).body as { priority: number }[];
    const priorities = queues.map(({ priority }) => priority);
    expect(new Set(priorities).size).toBe(priorities.length);
  }, 60_000);
});
