import { expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import { lateRuns } from "../../../server/services/late-runs.ts";
import { apiOn } from "../support/api.ts";
import { deploy, newFlow, newRun, readRun, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

onEachStore("late runs", (store) => {
  const world = () => {
    const api = apiOn(store());
    return { api, pass: () => lateRuns.run(createContext({ store: store(), clock: api.clock })) };
  };

  it("are called late fifteen seconds after their time, once, and stay with their workers", async () => {
    const { api, pass } = world();
    await api.post("/work_pools/", { name: "late", type: "process" });
    const run = await newRun(api, { work_pool_name: "late", state: { type: "SCHEDULED" } });
    api.clock.advance(14);
    await pass();
    expect((await readRun(api, run.id)).state_name).toBe("Scheduled");
    api.clock.advance(1);
    await pass();
    await pass();
    expect(await readRun(api, run.id)).toMatchObject({ state_type: "SCHEDULED", state_name: "Late" });
    const states = (await api.get(`/flow_run_states/?flow_run_id=${run.id}`)).body as { name: string }[];
    expect(states.map((state) => state.name)).toEqual(["Scheduled", "Late"]);
    const polled = (await api.post("/work_pools/late/get_scheduled_flow_runs", {})).body as {
      flow_run: { id: string };
    }[];
    expect(polled.map(({ flow_run }) => flow_run.id)).toEqual([run.id]);
  });

  it("are only those that are simply scheduled", async () => {
    const { api, pass } = world();
    const named = await newRun(api, { state: { type: "SCHEDULED", name: "AwaitingRetry" } });
    const claimed = await newRun(api, { state: { type: "PENDING" } });
    api.clock.advance(3600);
    await pass();
    expect((await readRun(api, named.id)).state_name).toBe("AwaitingRetry");
    expect((await readRun(api, claimed.id)).state_name).toBe("Pending");
  });

  it("are all found, however many there are", async () => {
    const { api, pass } = world();
    const flow_id = await newFlow(api);
    await Promise.all(Array.from({ length: 120 }, () => newRun(api, { flow_id, state: { type: "SCHEDULED" } })));
    api.clock.advance(60);
    await pass();
    const body = { flows: { id: { any_: [flow_id] } }, flow_runs: { state: { name: { any_: ["Late"] } } } };
    expect((await api.post("/flow_runs/count", body)).body).toBe(120);
  });

  it("are cancelled where new runs are when the slots are taken", async () => {
    const { api, pass } = world();
    const { run } = await deploy(api, {
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: "CANCEL_NEW" },
    });
    const [first, second] = [await run(), await run()];
    await setState(api, first.id, { type: "PENDING" });
    api.clock.advance(60);
    await pass();
    expect(await readRun(api, second.id)).toMatchObject({
      state_type: "CANCELLED",
      state: { message: "Deployment concurrency limit reached." },
    });
  });
});
