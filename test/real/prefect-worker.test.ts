import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../schema/json.ts";
import { Fleet, type FlowRun, type RunState } from "./harness/fleet.ts";
import { mostAtOnce, spansIn, Watch } from "./harness/overlap.ts";
import { until } from "./harness/prefect-user.ts";

/** Real workers and flow processes at the reference server. */

const MINUTES = 60_000;
const OCCUPYING = ["PENDING", "RUNNING", "CANCELLING"];

let fleet: Fleet;
/** Runs that nobody serves for a while, in the order they were made. */
let waiting: { low: string; middle: string; high: string; higher: string };

beforeAll(async () => {
  fleet = await Fleet.open("memory");
  await fleet.pool("ranked");
  for (const [name, priority] of [
    ["last", 30],
    ["first", 10],
    ["second", 20],
  ] as const) {
    await fleet.post("/work_pools/ranked/queues", { name, priority });
  }
  const fine = await fleet.deploy("flows.py:fine", "ranked", { work_queue_name: "second" });
  waiting = {
    low: await fleet.run(fine, { work_queue_name: "last" }),
    middle: await fleet.run(fine),
    high: await fleet.run(fine, { work_queue_name: "first" }),
    higher: await fleet.run(fine, { work_queue_name: "default", parameters: { name: "everybody" } }),
  };
});
afterAll(() => fleet?.[Symbol.asyncDispose]());

const names = (states: readonly RunState[]) => states.map(({ name }) => name);

describe("one worker takes a run", () => {
  let runs: Record<"fine" | "failing" | "gone" | "secondTry" | "cancelled", string>;

  beforeAll(async () => {
    await fleet.pool("usual");
    const run = async (flow: string, parameters: JsonObject = {}) =>
      fleet.run(await fleet.deploy(`flows.py:${flow}`, "usual", { tags: ["deployed"] }), { parameters });
    runs = {
      cancelled: await run("waits", { file: fleet.path("never"), seconds: 600 }),
      failing: await run("needs", { file: fleet.path("needed") }),
      fine: await run("fine", { name: "you" }),
      gone: await run("gone"),
      secondTry: await run("second_try"),
    };
    await fleet.worker("usual", "only");
  });

  it("from SCHEDULED to COMPLETED, and says all that is known of it", async () => {
    const [run] = (await fleet.ended([runs.fine])) as [FlowRun];
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
    expect(names(await fleet.states("flow", run.id))).toEqual([
      "Scheduled",
      "Pending",
      "Submitting",
      "Running",
      "Completed",
    ]);
    // They are sent in batches, by the flow process and by the worker.
    const messages = async () => {
      const filter = { logs: { flow_run_id: { any_: [run.id] } }, sort: "TIMESTAMP_ASC" };
      return (await fleet.post<{ message: string }[]>("/logs/filter", filter)).map(({ message }) => message).join("\n");
    };
    const logs = await until(messages, (text) => text.includes("Finished in state"));
    expect(logs).toContain(`Beginning flow run '${run.name}'`);
    const resource = { id: [`prefect.flow-run.${run.id}`] };
    const events = async () =>
      (
        await fleet.post<{ events: { event: string }[] }>("/events/filter", {
          filter: { resource, event: { prefix: ["prefect.flow-run."] }, order: "ASC" },
        })
      ).events.map(({ event }) => event);
    expect(await until(events, (seen) => seen.includes("prefect.flow-run.Completed"))).toEqual(
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
    const [failed] = (await fleet.ended([runs.failing])) as [FlowRun];
    expect(failed).toMatchObject({ state_type: "FAILED", run_count: 1 });
    expect(failed.state.message).toContain("FileNotFoundError");
    await writeFile(fleet.path("needed"), "");
    expect(await fleet.user.prefect("flow-run", "retry", failed.id)).toContain("scheduled for retry");
    const [run] = (await fleet.ended([failed.id])) as [FlowRun];
    expect(run).toMatchObject({ state_type: "COMPLETED", run_count: 2 });
    const states = names(await fleet.states("flow", run.id));
    expect(states.filter((name) => ["Scheduled", "Running", "Failed", "Completed"].includes(name))).toEqual([
      "Scheduled",
      "Running",
      "Failed",
      "Scheduled",
      "Running",
      "Completed",
    ]);
  });

  it("whose process ends without a word to CRASHED", async () => {
    const [run] = (await fleet.ended([runs.gone])) as [FlowRun];
    expect(run).toMatchObject({ state_type: "CRASHED", run_count: 1 });
    expect(run.state.message).toContain("status code: 3");
  });

  it("that fails and has retries left to COMPLETED, in the same process", async () => {
    const [run] = (await fleet.ended([runs.secondTry])) as [FlowRun];
    expect(run).toMatchObject({ state_type: "COMPLETED", run_count: 2 });
    const states = names(await fleet.states("flow", run.id));
    expect(states).toEqual(["Scheduled", "Pending", "Submitting", "Running", "AwaitingRetry", "Running", "Completed"]);
  });

  it("that somebody cancels to CANCELLED, and ends its process", async () => {
    const running = await until(
      () => fleet.flowRun(runs.cancelled),
      ({ state_type }) => state_type === "RUNNING",
    );
    const pid = Number(running.infrastructure_pid);
    expect(isAlive(pid)).toBe(true);
    await fleet.post(`/flow_runs/${running.id}/set_state`, { state: { type: "CANCELLING" } });
    const [run] = (await fleet.ended([running.id])) as [FlowRun];
    expect(run).toMatchObject({ state_type: "CANCELLED", run_count: 1 });
    await until(
      async () => isAlive(pid),
      (alive) => !alive,
    );
    expect(names(await fleet.states("flow", run.id)).slice(-3)).toEqual(["Running", "Cancelling", "Cancelled"]);
  });
});

it("a run is executed by hand, without a worker", async () => {
  await fleet.pool("unserved");
  const run = await fleet.run(await fleet.deploy("flows.py:fine", "unserved"));
  await fleet.user.prefect("flow-run", "execute", run);
  expect(await fleet.flowRun(run)).toMatchObject({ state_type: "COMPLETED", run_count: 1 });
});

it(
  "runs that nobody takes in time are late, and are taken by their queues' priorities when a worker comes",
  async () => {
    const ids = Object.values(waiting);
    const look = () => fleet.flowRuns({ flow_runs: { id: { any_: ids } } });
    await until(look, (runs) => runs.every(({ state_name }) => state_name === "Late"));
    const worker = await fleet.worker("ranked", "late riser", "--limit", "1");
    const runs = await fleet.ended(ids);
    await worker.stop();
    expect(runs.map(({ state_type }) => state_type)).toEqual(ids.map(() => "COMPLETED"));
    const order = [...runs].sort((a, b) => Date.parse(a.start_time) - Date.parse(b.start_time)).map(({ id }) => id);
    const { low, middle, high, higher } = waiting;
    expect(order).toEqual([higher, high, middle, low]);
    expect(names(await fleet.states("flow", low)).slice(0, 3)).toEqual(["Scheduled", "Late", "Pending"]);
    const spans = await Promise.all(ids.map(async (id) => spansIn(["RUNNING"], await fleet.states("flow", id))));
    expect(mostAtOnce(spans.flat())).toBe(1);
  },
  8 * MINUTES,
);

it(
  "schedules fire by themselves",
  async () => {
    await fleet.pool("clockwork", { concurrency_limit: 2 });
    const deployment = await fleet.deploy("flows.py:fine", "clockwork", {
      parameters: { name: "deployment" },
      schedules: [
        { slug: "often", schedule: { interval: 10 }, parameters: { name: "interval" } },
        { slug: "by-the-clock", schedule: { cron: "* * * * * */10" } },
      ],
    });
    const worker = await fleet.worker("clockwork", "clock");
    const filter = {
      deployments: { id: { any_: [deployment] } },
      flow_runs: { state: { type: { any_: ["COMPLETED"] } } },
    };
    const of = (runs: readonly FlowRun[], slug: string) => runs.find((run) => run.created_by?.display_value === slug);
    const runs = await until(
      () => fleet.flowRuns(filter),
      (seen) => of(seen, "often") !== undefined && of(seen, "by-the-clock") !== undefined,
      240,
    );
    await fleet.post(`/deployments/${deployment}/pause_deployment`, {});
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
      // A process that is ready early waits, but not for less than half a second.
      expect(Date.parse(start_time)).toBeGreaterThanOrEqual(Date.parse(expected_start_time) - 500);
    }
    const left = await fleet.flowRuns({
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
    await fleet.pool("narrow", { concurrency_limit: 3 });
    await fleet.post("/work_pools/narrow/queues", { name: "single", priority: 2, concurrency_limit: 1 });
    await fleet.post("/work_pools/narrow/queues", { name: "last", priority: 3 });
    const deploy = (name: string, more: JsonObject) => fleet.deploy("flows.py:fine", "narrow", { name, ...more });
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
      while (ids.length < count) ids.push(await fleet.run(deployment));
      return ids;
    };
    const ids = {
      cancelling: await several(3, cancelling),
      single: await several(4, single),
      enqueuing: await several(3, enqueuing),
      free: await several(4, free),
    };
    const all = Object.values(ids).flat();
    await using watch = new Watch(async () => {
      const state = { type: { any_: ["PENDING", "RUNNING"] } };
      const busy = await fleet.flowRuns({ work_pools: { name: { any_: ["narrow"] } }, flow_runs: { state } });
      const slots = (id: string) => fleet.get<{ active_slots: number }>(`/v2/concurrency_limits/deployment:${id}`);
      return {
        pool: busy.length,
        queue: busy.filter(({ work_queue_name }) => work_queue_name === "single").length,
        cancelling: (await slots(cancelling)).active_slots,
        enqueuing: (await slots(enqueuing)).active_slots,
      };
    });
    const workers = await Promise.all(["left", "right"].map((name) => fleet.worker("narrow", name)));
    const runs = await fleet.ended(all, 400);
    const seen = await watch.stop();
    await Promise.all(workers.map((worker) => worker.stop()));

    const most = (key: "pool" | "queue" | "cancelling" | "enqueuing") => Math.max(...seen.map((look) => look[key]));
    expect([most("pool"), most("queue"), most("cancelling"), most("enqueuing")]).toEqual([3, 1, 1, 1]);
    const spans = async (of: readonly string[]) =>
      (await Promise.all(of.map(async (id) => spansIn(OCCUPYING, await fleet.states("flow", id))))).flat();
    expect(mostAtOnce(await spans(all))).toBe(3);
    for (const of of [ids.cancelling, ids.single, ids.enqueuing]) expect(mostAtOnce(await spans(of))).toBe(1);

    const ends = (of: readonly string[]) =>
      runs
        .filter(({ id }) => of.includes(id))
        .map(({ state_type }) => state_type)
        .sort();
    expect(ends(ids.cancelling)).toEqual(["CANCELLED", "CANCELLED", "COMPLETED"]);
    for (const of of [ids.single, ids.enqueuing, ids.free]) expect(new Set(ends(of))).toEqual(new Set(["COMPLETED"]));
    const waited = await Promise.all(ids.enqueuing.map(async (id) => names(await fleet.states("flow", id))));
    // The third one may be asked for when the first has ended.
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
