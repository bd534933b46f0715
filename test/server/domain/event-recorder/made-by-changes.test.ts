import { randomUUID } from "node:crypto";
import { expect, it, vi } from "vitest";
import { addSeconds } from "../../../../server/values/timestamp.ts";
import { type Api, apiOn, START } from "../../support/api.ts";
import { newFlow, newRun, readRun, setState } from "../../support/runs.ts";
import { onEachStore } from "../../support/stores.ts";

interface Shown {
  id: string;
  occurred: string;
  event: string;
  resource: Record<string, string>;
  related: Record<string, string>[];
  payload: Record<string, unknown>;
  follows: string | null;
}

/** What happened to a resource, oldest first. The shapes are those of a real 3.8.4. */
async function eventsOf(api: Api, resource: string): Promise<Shown[]> {
  // What is sent is recorded after what changes have told before.
  await api.post("/events", []);
  const occurred = { since: addSeconds(START, -86_400), until: addSeconds(START, 86_400) };
  const filter = { occurred, resource: { id: [resource] }, order: "ASC" };
  return ((await api.post("/events/filter", { filter })).body as { events: Shown[] }).events;
}

async function namesOf(api: Api, resource: string): Promise<string[]> {
  return (await eventsOf(api, resource)).map(({ event }) => event);
}

interface Row {
  id: string;
  name: string;
}

onEachStore("events that changes make", (store) => {
  const newPool = async (api: Api) => {
    const name = randomUUID();
    const pool = (await api.post("/work_pools/", { name, type: "process" })).body as Row & { default_queue_id: string };
    return { ...pool, path: `/work_pools/${name}`, event: `prefect.work-pool.${pool.id}` };
  };

  it("tell a flow run's states, with all who take part in it", async () => {
    const api = apiOn(store());
    const pool = await newPool(api);
    const flow = (await api.post("/flows/", { name: randomUUID(), tags: ["of-flow"] })).body as Row;
    const fields = {
      name: "d",
      flow_id: flow.id,
      work_pool_name: pool.name,
      tags: ["of-deployment"],
      parameters: {},
    };
    const deployment = (await api.post("/deployments/", fields)).body as Row;
    const body = { tags: ["of-run", "of-flow"], state: { type: "SCHEDULED", message: "soon" } };
    const run = (await api.post(`/deployments/${deployment.id}/create_flow_run`, body)).body as Row;
    api.clock.advance(1);
    await setState(api, run.id, { type: "PENDING" });
    api.clock.advance(301);
    await setState(api, run.id, { type: "RUNNING", name: "Going" });

    const events = await eventsOf(api, `prefect.flow-run.${run.id}`);
    expect(events.map(({ event, payload }) => [event, payload])).toEqual([
      [
        "prefect.flow-run.Scheduled",
        {
          intended: { from: null, to: "SCHEDULED" },
          initial_state: null,
          validated_state: { type: "SCHEDULED", name: "Scheduled", message: "soon" },
        },
      ],
      [
        "prefect.flow-run.Pending",
        {
          intended: { from: "SCHEDULED", to: "PENDING" },
          initial_state: { type: "SCHEDULED", name: "Scheduled", message: "soon" },
          validated_state: { type: "PENDING", name: "Pending" },
        },
      ],
      [
        "prefect.flow-run.Going",
        {
          intended: { from: "PENDING", to: "RUNNING" },
          initial_state: { type: "PENDING", name: "Pending" },
          validated_state: { type: "RUNNING", name: "Going" },
        },
      ],
    ]);
    const states = (await api.get(`/flow_run_states/?flow_run_id=${run.id}`)).body as { id: string }[];
    expect(events.map(({ id }) => id)).toEqual(states.map(({ id }) => id));
    // What comes shortly after names what was before it.
    expect(events.map(({ follows }) => follows)).toEqual([null, events[0]?.id, null]);
    expect(events[2]).toMatchObject({
      occurred: addSeconds(START, 302),
      resource: {
        "prefect.resource.id": `prefect.flow-run.${run.id}`,
        "prefect.resource.name": run.name,
        "prefect.run-count": "1",
        "prefect.state-message": "",
        "prefect.state-name": "Going",
        "prefect.state-timestamp": "2026-11-21T12:05:02+00:00",
        "prefect.state-type": "RUNNING",
      },
    });
    const named = (kind: string, { id, name }: Row) => ({
      "prefect.resource.id": `prefect.${kind}.${id}`,
      "prefect.resource.role": kind,
      "prefect.resource.name": name,
    });
    const tag = (name: string) => ({ "prefect.resource.id": `prefect.tag.${name}`, "prefect.resource.role": "tag" });
    for (const { related } of events) {
      expect(related).toEqual([
        named("flow", flow),
        named("deployment", deployment),
        named("work-queue", { id: pool.default_queue_id, name: "default" }),
        { ...named("work-pool", pool), "prefect.work-pool.type": "process" },
        tag("of-deployment"),
        tag("of-flow"),
        tag("of-run"),
      ]);
    }
  });

  it("tell nothing of a state that was refused", async () => {
    const api = apiOn(store());
    const run = await newRun(api, { state: { type: "PENDING" } });
    expect((await setState(api, run.id, { type: "PENDING" })).body.status).toBe("ABORT");
    expect(await namesOf(api, `prefect.flow-run.${run.id}`)).toEqual(["prefect.flow-run.Pending"]);
  });

  it("shorten long messages", async () => {
    const api = apiOn(store());
    const run = await newRun(api, { state: { type: "FAILED", message: `a${"x".repeat(100_100)}z` } });
    const [event] = await eventsOf(api, `prefect.flow-run.${run.id}`);
    const message = event?.resource["prefect.state-message"];
    expect(message).toMatch(/^ax+\.\.\.102 additional characters\.\.\.x+z$/);
    expect(event?.payload.validated_state).toMatchObject({ message });
    expect((await readRun(api, run.id)).state.message).toHaveLength(100_102);
  });

  it("name the task run that stands for a flow run in its parent", async () => {
    const api = apiOn(store());
    const parent = await newRun(api);
    const body = { flow_run_id: parent.id, task_key: "k", dynamic_key: "0", name: "child-0", tags: ["of-task"] };
    const task = (await api.post("/task_runs/", body)).body as Row;
    const run = await newRun(api, { parent_task_run_id: task.id });
    const [event] = await eventsOf(api, `prefect.flow-run.${run.id}`);
    expect(event?.related).toMatchObject([
      { "prefect.resource.role": "flow" },
      { "prefect.resource.id": `prefect.task-run.${task.id}`, "prefect.resource.role": "task-run" },
      { "prefect.resource.id": "prefect.tag.of-task" },
    ]);
  });

  it("tell what becomes of a work pool, each time with the status before it", async () => {
    const api = apiOn(store());
    const { path, event } = await newPool(api);
    await api.patch(path, { concurrency_limit: 3, description: null });
    await api.patch(path, { concurrency_limit: 3 });
    await api.patch(path, { is_paused: true });
    api.clock.advance(700);
    await api.patch(path, { is_paused: false });
    await api.post(`${path}/workers/heartbeat`, { name: "w" });
    await api.delete(path);
    const events = await eventsOf(api, event);
    expect(events.map((one) => one.event)).toEqual(
      ["created", "not-ready", "updated", "paused", "not-ready", "ready", "deleted"].map(
        (word) => `prefect.work-pool.${word}`,
      ),
    );
    expect(events[2]?.payload).toEqual({
      updated_fields: ["concurrency_limit"],
      updates: { concurrency_limit: { from: null, to: 3 } },
    });
    const follows = events.map((one) => one.follows && events.findIndex(({ id }) => id === one.follows));
    expect(follows).toEqual([null, null, null, 1, null, 4, null]);
  });

  it("tell what becomes of a work queue, and name its pool to the end", async () => {
    const api = apiOn(store());
    const pool = await newPool(api);
    const queue = (await api.post(`${pool.path}/queues`, { name: "q" })).body as Row;
    await api.patch(`${pool.path}/queues/q`, { priority: 1, is_paused: true });
    await api.delete(pool.path);
    const events = await eventsOf(api, `prefect.work-queue.${queue.id}`);
    expect(events.map((one) => one.event)).toEqual(
      ["created", "updated", "paused", "deleted"].map((word) => `prefect.work-queue.${word}`),
    );
    for (const { related } of events) {
      expect(related).toEqual([
        {
          "prefect.resource.id": pool.event,
          "prefect.resource.name": pool.name,
          "prefect.resource.role": "work-pool",
          "prefect.work-pool.type": "process",
        },
      ]);
    }
  });

  it("tell what becomes of a deployment", async () => {
    const api = apiOn(store());
    const flow_id = await newFlow(api);
    const pool = await newPool(api);
    const body = { name: "d", flow_id, work_pool_name: pool.name, job_variables: { a: 1 } };
    const { id } = (await api.post("/deployments/", body)).body as Row;
    await api.patch(`/deployments/${id}`, { job_variables: { a: 2 }, paused: true });
    await api.post("/deployments/get_scheduled_flow_runs", { deployment_ids: [id] });
    // Who asked is noted when the answer is out.
    await vi.waitFor(async () => {
      expect((await api.get(`/deployments/${id}`)).body).toMatchObject({ status: "READY" });
    });
    await api.delete(`/deployments/${id}`);
    const events = await eventsOf(api, `prefect.deployment.${id}`);
    expect(events.map((one) => one.event)).toEqual(
      ["created", "updated", "ready", "deleted"].map((word) => `prefect.deployment.${word}`),
    );
    expect(events[1]?.payload).toEqual({
      updated_fields: ["infra_overrides", "paused"],
      updates: { infra_overrides: { from: { a: 1 }, to: { a: 2 } }, paused: { from: false, to: true } },
    });
    expect(events[0]?.related.map((one) => one["prefect.resource.role"])).toEqual(["flow", "work-queue", "work-pool"]);
  });

  it("are told after those that happened before, whoever tells", async () => {
    const api = apiOn(store());
    const run = await newRun(api);
    const own = { "prefect.resource.id": `prefect.flow-run.${run.id}` };
    const noticed = { occurred: START, event: "noticed", resource: own };
    for (const type of ["PENDING", "RUNNING", "COMPLETED"]) await setState(api, run.id, { type });
    await api.post("/events", [{ ...noticed, id: randomUUID(), occurred: addSeconds(START, 1) }]);
    const names = await namesOf(api, `prefect.flow-run.${run.id}`);
    expect(names.at(-1)).toBe("noticed");
    expect(new Set(names.slice(0, -1))).toEqual(
      new Set(["prefect.flow-run.Pending", "prefect.flow-run.Running", "prefect.flow-run.Completed"]),
    );
  });
});
