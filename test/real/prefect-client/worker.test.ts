import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { maxConcurrent, Poller, spansInStates } from "../harness/concurrency.ts";
import { FlowEnvironment, type FlowRun, type RunState } from "../harness/flow-environment.ts";
import { waitUntil } from "../harness/prefect-user.ts";

/** Real workers and flow processes with the reference server. */

const MINUTES = 60_000;
const OCCUPYING = ["PENDING", "RUNNING", "CANCELLING"];

let environment: FlowEnvironment;
/** Runs that wait for a worker, in the order of creation. */
let waiting: { low: string; middle: string; high: string; higher: string };

beforeAll(async () => {
  environment = await FlowEnvironment.create("memory");
  await environment.pool("ranked");
  for (const [name, priority] of [
    ["last", 30],
    ["first", 10],
    ["second", 20],
  ] as const) {
    await environment.post("/work_pools/ranked/queues", { name, priority });
  }
  const fine = await environment.deploy("flows.py:fine", "ranked", { work_queue_name: "second" });
  waiting = {
    low: await environment.run(fine, { work_queue_name: "last" }),
    middle: await environment.run(fine),
    high: await environment.run(fine, { work_queue_name: "first" }),
    higher: await environment.run(fine, { work_queue_name: "default", parameters: { name: "everybody" } }),
  };
});
afterAll(() => environment?.[Symbol.asyncDispose]());

const names = (states: readonly RunState[]) => states.map(({ name }) => name);

describe("one worker takes a run", () => {
  let runs: Record<"fine" | "failing" | "gone" | "secondTry" | "cancelled", string>;

  beforeAll(async () => {
    await environment.pool("usual");
    const run = async (flow: string, parameters: JsonObject = {}) =>
      environment.run(await environment.deploy(`flows.py:${flow}`, "usual", { tags: ["deployed"] }), { parameters });
    runs = {
      cancelled: await run("waits", { file: environment.path("never"), seconds: 600 }),
      failing: await run("needs", { file: environment.path("needed") }),
      fine: await run("fine", { name: "you" }),
      gone: await run("gone"),
      secondTry: await run("second_try"),
    };
    await environment.worker("usual", "only");
  });

  it("from SCHEDULED to COMPLETED, with labels, states, logs and events", async () => {
    const [run] = (await environment.waitForEnd([runs.fine])) as [FlowRun];
    expect(run).toMatchObject({
      state_type: "COMPLETED",
      run_count: 1,
      tags: ["deployed"],
      labels: {
        "prefect.deployment.id": run.deployment_id,
        "prefect.worker.name": "only",
        "prefect.worker.type": "process",
        "prefect.work-pool.name": "usual",
      },
    });
    expect(run.infrastructure_pid).toMatch(/^\d+$/);
    expect(names(await environment.states("flow", run.id))).toEqual([
      "Scheduled",
      "Pending",
      "Submitting",
      "Running",
      "Completed",
    ]);
    // Logs arrive in batches, from the flow process and from the worker.
    const messages = async () => {
      const filter = { logs: { flow_run_id: { any_: [run.id] } }, sort: "TIMESTAMP_ASC" };
      return (await environment.post<{ message: string }[]>("/logs/filter", filter))
        .map(({ message }) => message)
        .join("\n");
    };
    const logs = await waitUntil(messages, (text) => text.includes("Finished in state"));
    expect(logs).toContain(`Beginning flow run '${run.name}'`);
    const resource = { id: [`prefect.flow-run.${run.id}`] };
    const events = async () =>
      (
        await environment.post<{ events: { event: string }[] }>("/events/filter", {
          filter: { resource, event: { prefix: ["prefect.flow-run."] }, order: "ASC" },
        })
      ).events.map(({ event }) => event);
    expect(await waitUntil(events, (found) => found.includes("prefect.flow-run.Completed"))).toEqual(
      expect.arrayContaining([
        "prefect.flow-run.Scheduled",
        "prefect.flow-run.Pending",
        "prefect.flow-run.Submitting",
        "prefect.flow-run.Running",
        "prefect.flow-run.heartbeat",
      ]),
    );
  });

  it("that raises to FAILED, and to COMPLETED when somebody retries it", async () => {
    const [failed] = (await environment.waitForEnd([runs.failing])) as [FlowRun];
    expect(failed).toMatchObject({ state_type: "FAILED", run_count: 1 });
    expect(failed.state.message).toContain("FileNotFoundError");
    await writeFile(environment.path("needed"), "");
    expect(await environment.user.prefect("flow-run", "retry", failed.id)).toContain("scheduled for retry");
    const [run] = (await environment.waitForEnd([failed.id])) as [FlowRun];
    expect(run).toMatchObject({ state_type: "COMPLETED", run_count: 2 });
    const states = names(await environment.states("flow", run.id));
    expect(states.filter((name) => ["Scheduled", "Running", "Failed", "Completed"].includes(name))).toEqual([
      "Scheduled",
      "Running",
      "Failed",
      "Scheduled",
      "Running",
      "Completed",
    ]);
  });

  it("whose process exits unexpectedly to CRASHED", async () => {
    const [run] = (await environment.waitForEnd([runs.gone])) as [FlowRun];
    expect(run).toMatchObject({ state_type: "CRASHED", run_count: 1 });
    expect(run.state.message).toContain("status code: 3");
  });

  it("that fails and has retries left to COMPLETED, in the same process", async () => {
    const [run] = (await environment.waitForEnd([runs.secondTry])) as [FlowRun];
    expect(run).toMatchObject({ state_type: "COMPLETED", run_count: 2 });
    const states = names(await environment.states("flow", run.id));
    expect(states).toEqual(["Scheduled", "Pending", "Submitting", "Running", "AwaitingRetry", "Running", "Completed"]);
  });

  it("that somebody cancels to CANCELLED, and ends its process", async () => {
    const running = await waitUntil(
      () => environment.flowRun(runs.cancelled),
      ({ state_type }) => state_type === "RUNNING",
    );
    const pid = Number(running.infrastructure_pid);
    expect(isAlive(pid)).toBe(true);
    await environment.post(`/flow_runs/${running.id}/set_state`, { state: { type: "CANCELLING" } });
    const [run] = (await environment.waitForEnd([running.id])) as [FlowRun];
    expect(run).toMatchObject({ state_type: "CANCELLED", run_count: 1 });
    await waitUntil(
      async () => isAlive(pid),
      (alive) => !alive,
    );
    expect(names(await environment.states("flow", run.id)).slice(-3)).toEqual(["Running", "Cancelling", "Cancelled"]);
  });
});

it("a run is executed by the CLI, without a worker", async () => {
  await environment.pool("unserved");
  const run = await environment.run(await environment.deploy("flows.py:fine", "unserved"));
  await environment.user.prefect("flow-run", "execute", run);
  expect(await environment.flowRun(run)).toMatchObject({ state_type: "COMPLETED", run_count: 1 });
});

it(
  "runs that no worker takes become late, and are taken by the priority of their queues once a worker starts",
  async () => {
    const ids = Object.values(waiting);
    const read = () => environment.flowRuns({ flow_runs: { id: { any_: ids } } });
    await waitUntil(read, (runs) => runs.every(({ state_name }) => state_name === "Late"));
    const worker = await environment.worker("ranked", "late riser", "--limit", "1");
    const runs = await environment.waitForEnd(ids);
    await worker.stop();
    expect(runs.map(({ state_type }) => state_type)).toEqual(ids.map(() => "COMPLETED"));
    const order = [...runs].sort((a, b) => Date.parse(a.start_time) - Date.parse(b.start_time)).map(({ id }) => id);
    const { low, middle, high, higher } = waiting;
    expect(order).toEqual([higher, high, middle, low]);
    expect(names(await environment.states("flow", low)).slice(0, 3)).toEqual(["Scheduled", "Late", "Pending"]);
    const spans = await Promise.all(
      ids.map(async (id) => spansInStates(["RUNNING"], await environment.states("flow", id))),
    );
    expect(maxConcurrent(spans.flat())).toBe(1);
  },
  8 * MINUTES,
);

it(
  "schedules create runs",
  async () => {
    await environment.pool("clockwork", { concurrency_limit: 2 });
    const deployment = await environment.deploy("flows.py:fine", "clockwork", {
      parameters: { name: "deployment" },
      schedules: [
        { slug: "often", schedule: { interval: 10 }, parameters: { name: "interval" } },
        { slug: "by-the-clock", schedule: { cron: "* * * * * */10" } },
      ],
    });
    const worker = await environment.worker("clockwork", "clock");
    const filter = {
      deployments: { id: { any_: [deployment] } },
      flow_runs: { state: { type: { any_: ["COMPLETED"] } } },
    };
    const of = (runs: readonly FlowRun[], slug: string) => runs.find((run) => run.created_by?.display_value === slug);
    const runs = await waitUntil(
      () => environment.flowRuns(filter),
      (found) => of(found, "often") !== undefined && of(found, "by-the-clock") !== undefined,
      240,
    );
    await environment.post(`/deployments/${deployment}/pause_deployment`, {});
    expect(of(runs, "often")).toMatchObject({ parameters: { name: "interval" } });
    const byTheClock = of(runs, "by-the-clock");
    expect(byTheClock).toMatchObject({
      auto_scheduled: true,
      created_by: { type: "SCHEDULE" },
      tags: ["auto-scheduled"],
      parameters: { name: "deployment" },
    });
    expect(new Date(byTheClock?.expected_start_time ?? "").getTime() % 10_000).toBe(0);
    for (const { start_time, expected_start_time } of runs) {
      // A process that is ready early waits, unless less than half a second is left.
      expect(Date.parse(start_time)).toBeGreaterThanOrEqual(Date.parse(expected_start_time) - 500);
    }
    const left = await environment.flowRuns({
      deployments: { id: { any_: [deployment] } },
      flow_runs: { state: { name: { any_: ["Scheduled"] } } },
    });
    expect(left).toEqual([]);
    await worker.stop();
  },
  8 * MINUTES,
);

it(
  "two workers never exceed the limits of a pool, of a queue or of deployments",
  async () => {
    await environment.pool("narrow", { concurrency_limit: 3 });
    await environment.post("/work_pools/narrow/queues", { name: "single", priority: 2, concurrency_limit: 1 });
    await environment.post("/work_pools/narrow/queues", { name: "last", priority: 3 });
    const deploy = (name: string, fields: JsonObject) =>
      environment.deploy("flows.py:fine", "narrow", { name, ...fields });
    const cancelling = await deploy("one or none", {
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: "CANCEL_NEW" },
    });
    const single = await deploy("single", { work_queue_name: "single" });
    const enqueuing = await deploy("one by one", {
      work_queue_name: "last",
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: "ENQUEUE" },
    });
    const free = await deploy("free", { work_queue_name: "last" });
    const several = async (count: number, deployment: string) => {
      const ids: string[] = [];
      while (ids.length < count) ids.push(await environment.run(deployment));
      return ids;
    };
    const ids = {
      cancelling: await several(3, cancelling),
      single: await several(4, single),
      enqueuing: await several(3, enqueuing),
      free: await several(4, free),
    };
    const all = Object.values(ids).flat();
    await using poller = new Poller(async () => {
      const state = { type: { any_: ["PENDING", "RUNNING"] } };
      const busy = await environment.flowRuns({ work_pools: { name: { any_: ["narrow"] } }, flow_runs: { state } });
      const slots = (id: string) =>
        environment.get<{ active_slots: number }>(`/v2/concurrency_limits/deployment:${id}`);
      return {
        pool: busy.length,
        queue: busy.filter(({ work_queue_name }) => work_queue_name === "single").length,
        cancelling: (await slots(cancelling)).active_slots,
        enqueuing: (await slots(enqueuing)).active_slots,
      };
    });
    const workers = await Promise.all(["left", "right"].map((name) => environment.worker("narrow", name)));
    const runs = await environment.waitForEnd(all, 400);
    const samples = await poller.stop();
    await Promise.all(workers.map((worker) => worker.stop()));

    const highest = (key: "pool" | "queue" | "cancelling" | "enqueuing") =>
      Math.max(...samples.map((sample) => sample[key]));
    expect([highest("pool"), highest("queue"), highest("cancelling"), highest("enqueuing")]).toEqual([3, 1, 1, 1]);
    const spans = async (of: readonly string[]) =>
      (await Promise.all(of.map(async (id) => spansInStates(OCCUPYING, await environment.states("flow", id))))).flat();
    expect(maxConcurrent(await spans(all))).toBe(3);
    for (const of of [ids.cancelling, ids.single, ids.enqueuing]) expect(maxConcurrent(await spans(of))).toBe(1);

    const ends = (of: readonly string[]) =>
      runs
        .filter(({ id }) => of.includes(id))
        .map(({ state_type }) => state_type)
        .sort();
    expect(ends(ids.cancelling)).toEqual(["CANCELLED", "CANCELLED", "COMPLETED"]);
    for (const of of [ids.single, ids.enqueuing, ids.free]) expect(new Set(ends(of))).toEqual(new Set(["COMPLETED"]));
    const waited = await Promise.all(ids.enqueuing.map(async (id) => names(await environment.states("flow", id))));
    // The third run may be polled after the first has ended.
    expect(waited.some((states) => states.includes("AwaitingConcurrencySlot"))).toBe(true);
    const workedBy = new Set(runs.map(({ labels }) => labels["prefect.worker.name"]));
    expect(workedBy).toEqual(new Set(["left", "right", undefined]));
  },
  12 * MINUTES,
);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
