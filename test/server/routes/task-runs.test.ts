import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { type Api, apiOn } from "../support/api.ts";
import { newRun, type SetState, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

interface TaskRun {
  id: string;
  state_type: string;
  run_count: number;
  flow_run_run_count: number;
}

async function newTaskRun(api: Api, given: object = {}): Promise<TaskRun> {
  const flowRun = await newRun(api, { state: { type: "RUNNING" } });
  const keys = { flow_run_id: flowRun.id, task_key: "t", dynamic_key: randomUUID() };
  return (await api.post("/task_runs/", { ...keys, ...given })).body;
}

async function set(api: Api, id: string, type: string): Promise<SetState & { details: { delay_seconds?: number } }> {
  return (await api.post(`/task_runs/${id}/set_state`, { state: { type } })).body;
}

async function holders(api: Api, tag: string): Promise<string[]> {
  return ((await api.get(`/concurrency_limits/tag/${tag}`)).body as { active_slots: string[] }).active_slots;
}

onEachStore("task runs", (store) => {
  it("take a slot of each of their tags' limits to run, and give them back when they no longer do", async () => {
    const api = apiOn(store());
    await api.post("/concurrency_limits/", { tag: "db", concurrency_limit: 1 });
    await api.post("/concurrency_limits/", { tag: "net", concurrency_limit: 5 });
    const first = await newTaskRun(api, { tags: ["db", "net", "free"] });
    const second = await newTaskRun(api, { tags: ["db"] });
    expect((await set(api, first.id, "RUNNING")).status).toBe("ACCEPT");
    expect([await holders(api, "db"), await holders(api, "net")]).toEqual([[first.id], [first.id]]);
    const waiting = await set(api, second.id, "RUNNING");
    expect(waiting).toMatchObject({ status: "WAIT", details: { reason: "Concurrency limit reached for tags: db" } });
    expect(waiting.details.delay_seconds).toBeLessThanOrEqual(13);
    await set(api, first.id, "CANCELLING");
    expect(await holders(api, "db")).toEqual([first.id]);
    await set(api, first.id, "CANCELLED");
    expect([await holders(api, "db"), await holders(api, "net")]).toEqual([[], []]);
    expect((await set(api, second.id, "RUNNING")).status).toBe("ACCEPT");
    await api.delete(`/task_runs/${second.id}`);
    expect(await holders(api, "db")).toEqual([]);
  });

  it("never hold more slots than there are, however many start at once", async () => {
    const api = apiOn(store());
    await api.post("/concurrency_limits/", { tag: "three", concurrency_limit: 3 });
    const runs = await Promise.all(Array.from({ length: 10 }, () => newTaskRun(api, { tags: ["three"] })));
    const answers = await Promise.all(runs.map((run) => set(api, run.id, "RUNNING")));
    expect(answers.filter((answer) => answer.status === "ACCEPT")).toHaveLength(3);
    expect(answers.filter((answer) => answer.status === "WAIT")).toHaveLength(7);
    expect(await holders(api, "three")).toHaveLength(3);
  });

  it("are not kept waiting by a limit that is not active", async () => {
    const api = apiOn(store());
    await api.post("/v2/concurrency_limits/", { name: "tag:off", limit: 1, active: false });
    const runs = [await newTaskRun(api, { tags: ["off"] }), await newTaskRun(api, { tags: ["off"] })];
    for (const run of runs) expect((await set(api, run.id, "RUNNING")).status).toBe("ACCEPT");
  });

  it("follow the subflow that they stand for, whatever state it takes", async () => {
    const api = apiOn(store());
    const task = await newTaskRun(api);
    const child = await newRun(api, { parent_task_run_id: task.id, state: { type: "SCHEDULED" } });
    for (const type of ["PENDING", "RUNNING", "COMPLETED"]) {
      await setState(api, child.id, { type });
      const followed = (await api.get(`/task_runs/${task.id}`)).body as TaskRun & {
        state: { state_details: { child_flow_run_id: string } };
      };
      expect(followed.state_type).toBe(type);
      expect(followed.state.state_details.child_flow_run_id).toBe(child.id);
    }
  });

  it("start counting anew in a retry of their flow run", async () => {
    const api = apiOn(store());
    const flowRun = await newRun(api, { state: { type: "RUNNING" } });
    const task = await newTaskRun(api, { flow_run_id: flowRun.id, empirical_policy: { retries: 0 } });
    await set(api, task.id, "RUNNING");
    await set(api, task.id, "FAILED");
    await setState(api, flowRun.id, { type: "FAILED" });
    await setState(api, flowRun.id, { type: "RUNNING" });
    expect(await set(api, task.id, "RUNNING")).toMatchObject({ status: "ACCEPT", state: { name: "Retrying" } });
    expect((await api.get(`/task_runs/${task.id}`)).body).toMatchObject({ run_count: 1, flow_run_run_count: 2 });
  });
});
