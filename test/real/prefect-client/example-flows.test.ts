import { readFile, writeFile } from "node:fs/promises";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { maxConcurrent, spansInStates, type TimeSpan } from "../harness/concurrency.ts";
import { ExampleStacks } from "../harness/example-stacks.ts";
import { FlowEnvironment, type FlowRun } from "../harness/flow-environment.ts";
import { waitUntil } from "../harness/prefect-user.ts";

/** The examples, applied by the real Pulumi CLI, and real flows that run in the pools of the examples. */

/** For a dozen flow processes on a busy machine. */
const TIMEOUT_MS = 15 * 60_000;

let environment: FlowEnvironment;
let stacks: ExampleStacks;
beforeAll(async () => {
  environment = await FlowEnvironment.create("memory");
  stacks = await ExampleStacks.create();
});
afterAll(async () => {
  await stacks?.[Symbol.asyncDispose]();
  await environment?.[Symbol.asyncDispose]();
});

describe("examples/autoloader", () => {
  const processPool = "autoloader-dev-process-pool";
  const kubernetesPool = "autoloader-dev-k8s-pool";
  let stack: Automation.Stack;
  beforeAll(async () => {
    stack = await stacks.stack("autoloader", "dynamic", environment.user.api.url);
    await stack.up();
    await environment.deploy("autoloader.py:ingest", processPool, { name: "small" });
    const large = { name: "large", work_queue_name: "high-memory", job_variables: { memory: "64Gi" } };
    await environment.deploy("autoloader.py:ingest", kubernetesPool, large);
  });

  const limitProcessRuns = async (runs: number) => {
    await stack.setConfig("autoloader:processRuns", { value: String(runs) });
    await stack.up();
  };

  it("ingestions are routed by size and trigger, and get the job of the template", async () => {
    const large = Array.from({ length: 6 }, () => ({ size_gb: 40, trigger: "schedule" }));
    const routed = await ingest([
      { size_gb: 1, trigger: "schedule" },
      { size_gb: 1, trigger: "manual" },
      { size_gb: 200, trigger: "manual" },
      ...large,
    ]);
    const queues = routed.map(({ work_pool_name, work_queue_name }) => `${work_pool_name}/${work_queue_name}`);
    expect(queues).toEqual([
      `${processPool}/default`,
      `${processPool}/priority`,
      ...Array(7).fill(`${kubernetesPool}/high-memory`),
    ]);

    // A worker gets no more runs of a queue than its limit.
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
    await Promise.all(routed.map(({ id }) => environment.user.api.request("DELETE", `/flow_runs/${id}`)));
  });

  it("a process worker takes manual runs before scheduled ones, and no queue exceeds its limit", {
    timeout: TIMEOUT_MS,
  }, async () => {
    await limitProcessRuns(1);
    const [first, urgent] = await ingest([
      { size_gb: 1, trigger: "schedule" },
      { size_gb: 1, trigger: "manual" },
    ]);
    await environment.worker(processPool, "the-worker");
    const ordered = await environment.waitForEnd(idsOf([urgent, first]));
    expect(ordered.map(({ state_name }) => state_name)).toEqual(["Completed", "Completed"]);
    const starts = ordered.map(({ start_time }) => start_time);
    expect(starts).toEqual([...starts].sort());
    expect(maxConcurrent(await spans(ordered))).toBe(1);

    // An operator's pause is neither reverted nor shown as a change.
    await environment.user.prefect("work-queue", "pause", "default", "--pool", processPool);
    await limitProcessRuns(15);
    const gate = environment.path("autoloader-gate");
    const manual = await ingest(Array.from({ length: 6 }, () => ({ size_gb: 1, trigger: "manual", gate })));
    const scheduled = await ingest([{ size_gb: 1, trigger: "schedule" }]);
    await waitUntil(
      () => statesOf(manual),
      (states) => states.filter((state) => state === "RUNNING").length === 5,
      240,
    );
    await stack.preview({ expectNoChanges: true, refresh: true, diff: true });
    expect(await statesOf(scheduled)).toEqual(["SCHEDULED"]);
    await environment.user.prefect("work-queue", "resume", "default", "--pool", processPool);
    // The worker polls on, and only the other queue has free slots.
    expect((await environment.waitForEnd(idsOf(scheduled))).map(({ state_name }) => state_name)).toEqual(["Completed"]);
    expect((await statesOf(manual)).sort()).toEqual([...Array(5).fill("RUNNING"), "SCHEDULED"]);
    await writeFile(gate, "");
    const all = await environment.waitForEnd(idsOf(manual));
    expect(all.map(({ state_name }) => state_name)).toEqual(Array(6).fill("Completed"));
    expect(maxConcurrent(await spans(all))).toBe(5);
    await stack.preview({ expectNoChanges: true, refresh: true, diff: true });
  });
});

describe("examples/per-user-pools", () => {
  it("users work in parallel, one run each, within the machine's limit; and a pool is deleted once it has no deployments", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const stack = await stacks.stack("per-user-pools", "native", environment.user.api.url);
    const users = (names: string[]) => stack.setConfig("per-user-pools:users", { value: JSON.stringify(names) });
    await stack.up();
    const gate = environment.path("machine-gate");
    const runs: { user: string; number: number; id: string }[] = [];
    for (const [user, count] of [
      ["ada", 2],
      ["grace", 2],
      ["linus", 1],
    ] as const) {
      const deployment = await environment.deploy("shared_machine.py:work", `${user}-pool`, { name: user });
      for (let number = 0; number < count; number++) {
        runs.push({ user, number, id: await environment.run(deployment, { parameters: { user, number, gate } }) });
      }
    }
    const workers = await Promise.all(
      ["ada", "grace", "linus"].map((user) => environment.worker(`${user}-pool`, user, "--limit", "1")),
    );
    await waitUntil(
      () => statesOf(runs),
      (states) => states.filter((state) => state === "RUNNING").length === 3,
      240,
    );
    await waitUntil(machineSlots, (slots) => slots === 2);
    await stack.preview({ expectNoChanges: true, refresh: true, diff: true });
    await writeFile(gate, "");

    const ended = await environment.waitForEnd(idsOf(runs));
    expect(ended.map(({ state_name }) => state_name)).toEqual(Array(5).fill("Completed"));
    for (const user of ["ada", "grace"]) {
      expect(maxConcurrent(await spans(ended.filter((_, index) => runs[index]?.user === user)))).toBe(1);
    }
    expect(maxConcurrent(await spans(ended))).toBe(3);
    expect(maxConcurrent(await Promise.all(runs.map(noteOf)))).toBe(2);
    expect(await machineSlots()).toBe(0);

    // A running worker would create its pool again.
    await Promise.all(workers.map((worker) => worker.stop()));
    await environment.user.prefect("work-pool", "pause", "ada-pool");
    await users(["ada", "grace"]);
    await expect(stack.up()).rejects.toThrow(/linus-pool.* is in use and was not deleted[\s\S]*: linus\./);
    await environment.user.prefect("deployment", "delete", "work/linus");
    await stack.up();
    expect(await environment.user.api.pool("linus-pool")).toBeUndefined();
    expect(await environment.user.api.pool("ada-pool")).toMatchObject({ is_paused: true, concurrency_limit: 1 });
    await stack.preview({ expectNoChanges: true, refresh: true, diff: true });

    await expect(stack.destroy()).rejects.toThrow(
      /ada-pool.* is in use and was not deleted[\s\S]*: ada\..* Move or remove the deployments first.* `forceDelete: true`.* apply that before/,
    );
    expect(await environment.user.api.pool("ada-pool")).toMatchObject({ is_paused: true });
    await stack.setConfig("prefect:forceDelete", { value: "true" });
    await stack.up();
    await stack.destroy();
    expect(await environment.user.api.pool("ada-pool")).toBeUndefined();
    // Finished runs are kept.
    const left = await environment.flowRuns({ flow_runs: { id: { any_: idsOf(runs) } } });
    expect(left.map(({ state_name, work_pool_name }) => [state_name, work_pool_name])).toEqual(
      Array(5).fill(["Completed", null]),
    );
  });
});

/** Runs the autoloader as a program of its own. Returns the runs that it starts. */
async function ingest(due: readonly JsonObject[]): Promise<FlowRun[]> {
  const { code, stdout, stderr } = await environment.user.python("autoloader.py", JSON.stringify(due));
  expect(code, stderr).toBe(0);
  return Promise.all(
    stdout
      .trim()
      .split("\n")
      .map((id) => environment.flowRun(id)),
  );
}

/** The runs that a worker of the pool would get now, in this order. */
async function due(pool: string): Promise<FlowRun[]> {
  const scheduled_before = new Date().toISOString();
  const found = await environment.post<{ flow_run: FlowRun }[]>(`/work_pools/${pool}/get_scheduled_flow_runs`, {
    scheduled_before,
  });
  return found.map(({ flow_run }) => flow_run);
}

async function jobOf(run: FlowRun | undefined): Promise<JsonObject> {
  const { code, stdout, stderr } = await environment.user.python("kubernetes_job.py", run?.id ?? "");
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
  const found = await Promise.all(runs.map(({ id }) => environment.flowRun(id)));
  return found.map(({ state_type }) => state_type);
}

/** When the runs held a slot of their queue and pool. */
async function spans(runs: readonly FlowRun[]): Promise<TimeSpan[]> {
  const states = await Promise.all(runs.map(({ id }) => environment.states("flow", id)));
  return states.flatMap((states) => spansInStates(["PENDING", "RUNNING"], states));
}

/** When a run held a slot of the machine's limit, by its own clock. */
async function noteOf({ user, number }: { user: string; number: number }): Promise<TimeSpan> {
  const note = JSON.parse(await readFile(environment.path(`${user}-${number}.note`), "utf8"));
  return { from: new Date(note.start * 1000).toISOString(), to: new Date(note.end * 1000).toISOString() };
}

async function machineSlots(): Promise<number> {
  return (await environment.get<{ active_slots: number }>("/v2/concurrency_limits/machine")).active_slots;
}
