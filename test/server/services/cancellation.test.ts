import { expect, it } from "vitest";
import { createContext } from "../../../server/create-context.ts";
import { cancellation } from "../../../server/services/cancellation.ts";
import { type Api, apiOn } from "../support/api.ts";
import { deploy, newRun, readRun, setState } from "../support/runs.ts";
import { onEachStore } from "../support/stores.ts";

async function newTask(api: Api, flow_run_id: string, dynamic_key: string, type = "RUNNING"): Promise<string> {
  const body = { flow_run_id, task_key: "t", dynamic_key, state: { type } };
  return ((await api.post("/task_runs/", body)).body as { id: string }).id;
}

async function typeOf(api: Api, taskRunId: string): Promise<string> {
  return ((await api.get(`/task_runs/${taskRunId}`)).body as { state_type: string }).state_type;
}

onEachStore("cancellation", (store) => {
  const world = () => {
    const api = apiOn(store());
    return { api, pass: () => cancellation.run(createContext({ store: store(), clock: api.clock })) };
  };

  it("ends after five minutes what nobody stops", async () => {
    const { api, pass } = world();
    const { id } = await newRun(api, { state: { type: "RUNNING" } });
    await setState(api, id, { type: "CANCELLING" });
    api.clock.advance(299);
    await pass();
    expect((await readRun(api, id)).state_type).toBe("CANCELLING");
    api.clock.advance(2);
    await pass();
    expect(await readRun(api, id)).toMatchObject({
      state_type: "CANCELLED",
      state: { message: "Flow run cancellation timed out; marked this flow run as Cancelled." },
    });
  });

  it("reaches the tasks and subflows of a cancelled run, and no others", async () => {
    const { api, pass } = world();
    const run = await newRun(api, { state: { type: "RUNNING" } });
    const other = await newRun(api, { state: { type: "RUNNING" } });
    const tasks = [
      await newTask(api, run.id, "1"),
      await newTask(api, run.id, "2", "COMPLETED"),
      await newTask(api, other.id, "1"),
    ];
    const parent = await newTask(api, run.id, "sub");
    const child = await newRun(api, { parent_task_run_id: parent, state: { type: "RUNNING" } });
    const grandParent = await newTask(api, child.id, "sub");
    const grandChild = await newRun(api, { parent_task_run_id: grandParent, state: { type: "RUNNING" } });
    await setState(api, run.id, { type: "CANCELLED" });
    await pass();
    await pass();
    expect(await Promise.all(tasks.map((id) => typeOf(api, id)))).toEqual(["CANCELLED", "COMPLETED", "RUNNING"]);
    expect(await readRun(api, child.id)).toMatchObject({
      state_type: "CANCELLED",
      state: { message: "The parent flow run was cancelled." },
    });
    expect(await typeOf(api, parent)).toBe("CANCELLED");
    expect((await readRun(api, grandChild.id)).state_type).toBe("CANCELLED");
    expect((await readRun(api, other.id)).state_type).toBe("RUNNING");
  });

  it("has workers stop deployed subflows", async () => {
    const { api, pass } = world();
    const run = await newRun(api, { state: { type: "RUNNING" } });
    const { deployment_id } = await deploy(api, {});
    const start = async (key: string) => {
      const parent_task_run_id = await newTask(api, run.id, key, "PENDING");
      const child = await api.post(`/deployments/${deployment_id}/create_flow_run`, { parent_task_run_id });
      return (child.body as { id: string }).id;
    };
    const [running, waiting] = [await start("running"), await start("waiting")];
    await setState(api, running, { type: "RUNNING" });
    await setState(api, run.id, { type: "CANCELLED" });
    await pass();
    expect((await readRun(api, running)).state_type).toBe("CANCELLING");
    // Nothing to stop.
    expect((await readRun(api, waiting)).state_type).toBe("CANCELLED");
  });
});
