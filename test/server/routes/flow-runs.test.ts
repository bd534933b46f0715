import { expect, it } from "vitest";
import { apiOn } from "../support/api.ts";
import { newFlow, newRun, type Run, readRun, type SetState, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

const SIXTEEN = Array.from({ length: 16 }, (_, index) => index);

onEachStore("flow runs", (store) => {
  it("are made once for an idempotency key, however many ask at once", async () => {
    const api = apiOn(store());
    const flow_id = await newFlow(api);
    const answers = await Promise.all(
      SIXTEEN.map((index) => api.post("/flow_runs/", { flow_id, idempotency_key: "k", tags: [String(index)] })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(15).fill(200), 201]);
    expect(new Set(answers.map((answer) => (answer.body as Run).id)).size).toBe(1);
  });

  it("of different flows may have the same key", async () => {
    const api = apiOn(store());
    const runs = await Promise.all([newRun(api, { idempotency_key: "k2" }), newRun(api, { idempotency_key: "k2" })]);
    expect(runs[0]?.id).not.toBe(runs[1]?.id);
  });

  it("are claimed by one of many workers that ask at once", async () => {
    const api = apiOn(store());
    const run = await newRun(api, { state: { type: "SCHEDULED" } });
    const answers = await Promise.all(SIXTEEN.map(() => setState(api, run.id, { type: "PENDING" })));
    expect(answers.map((answer) => answer.body.status).sort()).toEqual([...Array(15).fill("ABORT"), "ACCEPT"]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([...Array(15).fill(200), 201]);
    const states = (await api.get(`/flow_run_states/?flow_run_id=${run.id}`)).body as { type: string }[];
    expect(states.map((state) => state.type)).toEqual(["SCHEDULED", "PENDING"]);
  });

  it("have states that differ in time, although the clock stands", async () => {
    const api = apiOn(store());
    const { id } = await newRun(api, { state: { type: "SCHEDULED" } });
    for (const type of ["PENDING", "RUNNING", "FAILED", "RUNNING", "COMPLETED"]) await setState(api, id, { type });
    const states = (await api.get(`/flow_run_states/?flow_run_id=${id}`)).body as { timestamp: string }[];
    const times = states.map((state) => state.timestamp);
    expect(new Set(times).size).toBe(6);
    expect(times).toEqual([...times].sort());
  });

  it("keep every label that many add at once", async () => {
    const api = apiOn(store());
    const { id } = await newRun(api);
    await Promise.all(SIXTEEN.map((index) => api.patch(`/flow_runs/${id}/labels`, { [`l${index}`]: index })));
    const { labels } = (await api.get(`/flow_runs/${id}`)).body as { labels: Record<string, unknown> };
    expect(labels).toMatchObject(Object.fromEntries(SIXTEEN.map((index) => [`l${index}`, index])));
  });

  it("are named after an animal when nobody names them", async () => {
    const api = apiOn(store());
    expect((await newRun(api)).name).toMatch(/^[a-z]+-[a-z]+$/);
    expect((await newRun(api, { name: "" })).name).toMatch(/^[a-z]+-[a-z]+$/);
    const { id } = await newRun(api, { name: "mine" });
    await api.patch(`/flow_runs/${id}`, { name: null });
    expect((await readRun(api, id)).name).toMatch(/^[a-z]+-[a-z]+$/);
  });

  it("take states, inputs and task runs along when they are deleted, and leave subflows without a parent", async () => {
    const api = apiOn(store());
    const parent = await newRun(api, { state: { type: "RUNNING" } });
    const task = (await api.post("/task_runs/", { flow_run_id: parent.id, task_key: "t", dynamic_key: "1" })).body as {
      id: string;
    };
    await api.post(`/flow_runs/${parent.id}/input`, { key: "k", value: "v" });
    const child = await newRun(api, { parent_task_run_id: task.id });
    expect((await api.delete(`/flow_runs/${parent.id}`)).status).toBe(204);
    expect((await api.get(`/task_runs/${task.id}`)).status).toBe(404);
    expect((await api.get(`/flow_run_states/?flow_run_id=${parent.id}`)).body).toEqual([]);
    expect((await api.get(`/flow_run_states/${parent.state.id}`)).status).toBe(404);
    expect((await readRun(api, child.id)).parent_task_run_id).toBeNull();
    // The subflow goes on: there is nobody left that has to follow.
    expect((await setState(api, child.id, { type: "RUNNING" })).body.status).toBe("ACCEPT");
  });

  it("go with their flow, and subflows of other flows stay without a parent", async () => {
    const api = apiOn(store());
    const parent = await newRun(api, { state: { type: "RUNNING" } });
    const task = (await api.post("/task_runs/", { flow_run_id: parent.id, task_key: "t", dynamic_key: "1" })).body as {
      id: string;
    };
    const child = await newRun(api, { parent_task_run_id: task.id });
    expect((await api.delete(`/flows/${parent.flow_id}`)).status).toBe(204);
    expect((await api.get(`/flow_runs/${parent.id}`)).status).toBe(404);
    expect((await readRun(api, child.id)).parent_task_run_id).toBeNull();
  });

  it("keep their queue's name and lose the queue when it is deleted", async () => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "lost", type: "process" });
    await api.post("/work_pools/lost/queues", { name: "q" });
    const { id } = await newRun(api, { work_pool_name: "lost", work_queue_name: "q" });
    expect(await readRun(api, id)).toMatchObject({ work_queue_name: "q", work_pool_name: "lost" });
    await api.delete("/work_pools/lost");
    expect(await readRun(api, id)).toMatchObject({ work_queue_name: "q", work_queue_id: null, work_pool_name: null });
  });

  it("are paged without gaps and repetitions, whatever they are sorted by", async () => {
    const api = apiOn(store());
    const flow_id = await newFlow(api);
    const made = await Promise.all(SIXTEEN.map((index) => newRun(api, { flow_id, name: `n${index % 3}` })));
    for (const sort of [
      "ID_DESC",
      "NAME_ASC",
      "NAME_DESC",
      "EXPECTED_START_TIME_ASC",
      "START_TIME_DESC",
      "END_TIME_DESC",
    ]) {
      const seen: string[] = [];
      for (let page = 1; page <= 4; page++) {
        const body = { flows: { id: { any_: [flow_id] } }, sort, limit: 5, page };
        const { results, count, pages } = (await api.post("/flow_runs/paginate", body)).body as {
          results: Run[];
          count: number;
          pages: number;
        };
        expect({ count, pages }).toEqual({ count: 16, pages: 4 });
        seen.push(...results.map((run) => run.id));
      }
      expect([...seen].sort()).toEqual(made.map((run) => run.id).sort());
    }
  });

  it("are retried in their own process, and no worker gets them meanwhile", async () => {
    const api = apiOn(store());
    await api.post("/work_pools/", { name: "retries", type: "process" });
    const { id } = await newRun(api, {
      work_pool_name: "retries",
      state: { type: "RUNNING" },
      empirical_policy: { retries: 1, retry_delay: 10 },
    });
    const poll = async () => (await api.post("/work_pools/retries/get_scheduled_flow_runs", {})).body as unknown[];
    const failed = await setState(api, id, { type: "FAILED" });
    expect(failed.body).toMatchObject({ status: "REJECT", state: { type: "SCHEDULED", name: "AwaitingRetry" } });
    expect(await poll()).toEqual([]);
    expect((await setState(api, id, { type: "RUNNING" })).body).toMatchObject({
      status: "WAIT",
      details: { delay_seconds: 10 },
    });
    api.clock.advance(10);
    await setState(api, id, { type: "RUNNING" });
    expect((await setState(api, id, { type: "FAILED" })).body.status).toBe("ACCEPT");
    expect(await readRun(api, id)).toMatchObject({ run_count: 2, state_type: "FAILED" });
  });

  it("are moved many at a time, each by its own rules", async () => {
    const api = apiOn(store());
    const flow_id = await newFlow(api);
    const running = await newRun(api, { flow_id, state: { type: "RUNNING" } });
    const ended = await newRun(api, { flow_id, state: { type: "COMPLETED" } });
    const body = { flow_runs: { id: { any_: [running.id, ended.id] } }, state: { type: "CRASHED" } };
    const { results } = (await api.post("/flow_runs/bulk_set_state", body)).body as {
      results: (SetState & { flow_run_id: string })[];
    };
    const byId = new Map(results.map((result) => [result.flow_run_id, result.status]));
    expect(byId).toEqual(
      new Map([
        [running.id, "ACCEPT"],
        [ended.id, "ABORT"],
      ]),
    );
  });
});
