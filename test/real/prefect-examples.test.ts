import { readFile, writeFile } from "node:fs/promises";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../schema/json.ts";
import { ExampleBench } from "./harness/examples.ts";
import { Fleet, type FlowRun } from "./harness/fleet.ts";
import { mostAtOnce, type Span, spansIn } from "./harness/overlap.ts";
import { until } from "./harness/prefect-user.ts";

/** The stories of the examples: the real Pulumi CLI declares them, and real flows run through what it has declared. */

/** For a dozen flow processes on a machine with much else to do. */
const PATIENCE_MS = 15 * 60_000;

let fleet: Fleet;
let bench: ExampleBench;
beforeAll(async () => {
  fleet = await Fleet.open("memory");
  bench = await ExampleBench.open();
});
afterAll(async () => {
  await bench?.[Symbol.asyncDispose]();
  await fleet?.[Symbol.asyncDispose]();
});

describe("examples/autoloader", () => {
  const processPool = "autoloader-dev-process-pool";
  const kubernetesPool = "autoloader-dev-k8s-pool";
  let stack: Automation.Stack;
  beforeAll(async () => {
    stack = await bench.stack("autoloader", "typescript", fleet.user.byHand.url);
    await stack.up();
    await fleet.deploy("autoloader.py:ingest", processPool, { name: "small" });
    const large = { name: "large", work_queue_name: "high-memory", job_variables: { memory: "64Gi" } };
    await fleet.deploy("autoloader.py:ingest", kubernetesPool, large);
  });

  const limitProcessRuns = async (runs: number) => {
    await stack.setConfig("autoloader:processRuns", { value: String(runs) });
    await stack.up();
  };

  it("ingestions land in the pool and the queue of their size and trigger, and get the job that the template says", async () => {
    const large = Array.from({ length: 6 }, () => ({ size_gb: 40, trigger: "schedule" }));
    const routed = await ingest([
      { size_gb: 1, trigger: "schedule" },
      { size_gb: 1, trigger: "manual" },
      { size_gb: 200, trigger: "manual" },
      ...large,
    ]);
    const places = routed.map(({ work_pool_name, work_queue_name }) => `${work_pool_name}/${work_queue_name}`);
    expect(places).toEqual([
      `${processPool}/default`,
      `${processPool}/priority`,
      ...Array(7).fill(`${kubernetesPool}/high-memory`),
    ]);

    // What a worker gets: of each queue no more than its limit.
    expect((await due(processPool)).map(({ id }) => id)).toEqual([routed[1]?.id, routed[0]?.id]);
    const started = await due(kubernetesPool);
    expect(started.map(({ id }) => id)).toEqual(routed.slice(2, 7).map(({ id }) => id));

    const [huge, ordinary] = await Promise.all([jobOf(routed[2]), jobOf(routed[3])]);
    expect(huge).toMatchObject({
      name: routed[2]?.name,
      namespace: "autoloader",
      command: "prefect flow-run execute",
      env: { PREFECT__FLOW_RUN_ID: routed[2]?.id },
      labels: { "prefect.io/flow-run-id": routed[2]?.id, "prefect.io/deployment-name": "large" },
      job_manifest: {
        kind: "Job",
        metadata: { namespace: "autoloader" },
        spec: { backoffLimit: 0, template: { spec: { serviceAccountName: "prefect-worker" } } },
      },
    });
    const image = "ghcr.io/example/autoloader-worker:main";
    expect(containerOf(huge)).toMatchObject({ image, resources: { limits: { cpu: "8", memory: "128Gi" } } });
    expect(containerOf(ordinary)).toMatchObject({ image, resources: { limits: { cpu: "8", memory: "64Gi" } } });
    await Promise.all(routed.map(({ id }) => fleet.user.byHand.ask("DELETE", `/flow_runs/${id}`)));
  });

  it("a process worker takes what somebody waits for before what the schedule wants, and no queue exceeds its limit", {
    timeout: PATIENCE_MS,
  }, async () => {
    await limitProcessRuns(1);
    const [first, urgent] = await ingest([
      { size_gb: 1, trigger: "schedule" },
      { size_gb: 1, trigger: "manual" },
    ]);
    await fleet.worker(processPool, "the-worker");
    const inTurn = await fleet.ended(idsOf([urgent, first]));
    expect(inTurn.map(({ state_name }) => state_name)).toEqual(["Completed", "Completed"]);
    const starts = inTurn.map(({ start_time }) => start_time);
    expect(starts).toEqual([...starts].sort());
    expect(mostAtOnce(await spans(inTurn))).toBe(1);

    // An operator's pause is nobody's change: neither is it undone nor does it show.
    await fleet.user.prefect("work-queue", "pause", "default", "--pool", processPool);
    await limitProcessRuns(15);
    const gate = fleet.path("autoloader-gate");
    const manual = await ingest(Array.from({ length: 6 }, () => ({ size_gb: 1, trigger: "manual", gate })));
    const scheduled = await ingest([{ size_gb: 1, trigger: "schedule" }]);
    await until(
      () => statesOf(manual),
      (states) => states.filter((state) => state === "RUNNING").length === 5,
      240,
    );
    await stack.preview({ expectNoChanges: true, refresh: true, diff: true });
    expect(await statesOf(scheduled)).toEqual(["SCHEDULED"]);
    await fleet.user.prefect("work-queue", "resume", "default", "--pool", processPool);
    // The worker looks for more, and finds room in the other queue only.
    expect((await fleet.ended(idsOf(scheduled))).map(({ state_name }) => state_name)).toEqual(["Completed"]);
    expect((await statesOf(manual)).sort()).toEqual([...Array(5).fill("RUNNING"), "SCHEDULED"]);
    await writeFile(gate, "");
    const all = await fleet.ended(idsOf(manual));
    expect(all.map(({ state_name }) => state_name)).toEqual(Array(6).fill("Completed"));
    expect(mostAtOnce(await spans(all))).toBe(5);
    await stack.preview({ expectNoChanges: true, refresh: true, diff: true });
  });
});

describe("examples/per-user-pools", () => {
  it("users work side by side, each in one run at a time, as many as the machine has room for; and a pool goes when nobody deploys to it", {
    timeout: PATIENCE_MS,
  }, async () => {
    const stack = await bench.stack("per-user-pools", "typescript on the plugin", fleet.user.byHand.url);
    const users = (names: string[]) => stack.setConfig("per-user-pools:users", { value: JSON.stringify(names) });
    await stack.up();
    const gate = fleet.path("machine-gate");
    const runs: { user: string; number: number; id: string }[] = [];
    for (const [user, count] of [
      ["ada", 2],
      ["grace", 2],
      ["linus", 1],
    ] as const) {
      const deployment = await fleet.deploy("shared_machine.py:work", `${user}-pool`, { name: user });
      for (let number = 0; number < count; number++) {
        runs.push({ user, number, id: await fleet.run(deployment, { parameters: { user, number, gate } }) });
      }
    }
    const workers = await Promise.all(
      ["ada", "grace", "linus"].map((user) => fleet.worker(`${user}-pool`, user, "--limit", "1")),
    );
    await until(
      () => statesOf(runs),
      (states) => states.filter((state) => state === "RUNNING").length === 3,
      240,
    );
    await until(machineSlots, (slots) => slots === 2);
    await stack.preview({ expectNoChanges: true, refresh: true, diff: true });
    await writeFile(gate, "");

    const ended = await fleet.ended(idsOf(runs));
    expect(ended.map(({ state_name }) => state_name)).toEqual(Array(5).fill("Completed"));
    for (const user of ["ada", "grace"]) {
      expect(mostAtOnce(await spans(ended.filter((_, index) => runs[index]?.user === user)))).toBe(1);
    }
    expect(mostAtOnce(await spans(ended))).toBe(3);
    expect(mostAtOnce(await Promise.all(runs.map(noteOf)))).toBe(2);
    expect(await machineSlots()).toBe(0);

    // A worker that still runs would make the pool of its own again.
    await Promise.all(workers.map((worker) => worker.stop()));
    await fleet.user.prefect("work-pool", "pause", "ada-pool");
    await users(["ada", "grace"]);
    await expect(stack.up()).rejects.toThrow(/linus-pool.* is in use and was not deleted[\s\S]*: linus\./);
    await fleet.user.prefect("deployment", "delete", "work/linus");
    await stack.up();
    expect(await fleet.user.byHand.pool("linus-pool")).toBeUndefined();
    expect(await fleet.user.byHand.pool("ada-pool")).toMatchObject({ is_paused: true, concurrency_limit: 1 });
    await stack.preview({ expectNoChanges: true, refresh: true, diff: true });

    await expect(stack.destroy()).rejects.toThrow(
      /ada-pool.* is in use and was not deleted[\s\S]*: ada\..* Move or remove the deployments first.* `forceDelete: true`.* apply that before/,
    );
    expect(await fleet.user.byHand.pool("ada-pool")).toMatchObject({ is_paused: true });
    await stack.setConfig("prefect:forceDelete", { value: "true" });
    await stack.up();
    await stack.destroy();
    expect(await fleet.user.byHand.pool("ada-pool")).toBeUndefined();
    // What was done stays on record.
    const left = await fleet.flowRuns({ flow_runs: { id: { any_: idsOf(runs) } } });
    expect(left.map(({ state_name, work_pool_name }) => [state_name, work_pool_name])).toEqual(
      Array(5).fill(["Completed", null]),
    );
  });
});

/** Lets the autoloader start what is due, as a program of its own. Answers the runs. */
async function ingest(due: readonly JsonObject[]): Promise<FlowRun[]> {
  const { code, stdout, stderr } = await fleet.user.python("autoloader.py", JSON.stringify(due));
  expect(code, stderr).toBe(0);
  return Promise.all(
    stdout
      .trim()
      .split("\n")
      .map((id) => fleet.flowRun(id)),
  );
}

/** What a worker of the pool would get now, in this order. */
async function due(pool: string): Promise<FlowRun[]> {
  const scheduled_before = new Date().toISOString();
  const found = await fleet.post<{ flow_run: FlowRun }[]>(`/work_pools/${pool}/get_scheduled_flow_runs`, {
    scheduled_before,
  });
  return found.map(({ flow_run }) => flow_run);
}

async function jobOf(run: FlowRun | undefined): Promise<JsonObject> {
  const { code, stdout, stderr } = await fleet.user.python("kubernetes_job.py", run?.id ?? "");
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as JsonObject;
}

function containerOf(job: JsonObject) {
  const manifest = job.job_manifest as { spec: { template: { spec: { containers: JsonObject[] } } } };
  return manifest.spec.template.spec.containers[0];
}

function idsOf(runs: readonly ({ id: string } | undefined)[]): string[] {
  return runs.map((run) => run?.id ?? "");
}

async function statesOf(runs: readonly { id: string }[]): Promise<string[]> {
  const found = await Promise.all(runs.map(({ id }) => fleet.flowRun(id)));
  return found.map(({ state_type }) => state_type);
}

/** When they had a slot of their queue and pool. */
async function spans(runs: readonly FlowRun[]): Promise<Span[]> {
  const states = await Promise.all(runs.map(({ id }) => fleet.states("flow", id)));
  return states.flatMap((states) => spansIn(["PENDING", "RUNNING"], states));
}

/** When a run had a slot of the machine, by its own clock. */
async function noteOf({ user, number }: { user: string; number: number }): Promise<Span> {
  const note = JSON.parse(await readFile(fleet.path(`${user}-${number}.note`), "utf8"));
  return { from: new Date(note.start * 1000).toISOString(), to: new Date(note.end * 1000).toISOString() };
}

async function machineSlots(): Promise<number> {
  return (await fleet.get<{ active_slots: number }>("/v2/concurrency_limits/machine")).active_slots;
}
