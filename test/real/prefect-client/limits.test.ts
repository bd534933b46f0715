import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { maxConcurrent, Poller, spansInStates, type TimeSpan } from "../harness/concurrency.ts";
import { FlowEnvironment, type FlowRun, type TaskRun } from "../harness/flow-environment.ts";
import { type BackgroundProcess, waitUntil } from "../harness/prefect-user.ts";

/** Tag limits and global limits, used by real flow processes. */

const MINUTES = 60_000;
const SUBFLOWS = 20;
const LIMIT = 3;
/** The shortest lease, a pass of the lease reaper, and time for a busy machine. */
const LEASE_TIMEOUT_SECONDS = 60 + 15 + 60;
const TIMEOUT_SECONDS = 240;

let environment: FlowEnvironment;
const workers = new Map<string, BackgroundProcess>();
let processTable: string;

beforeAll(async () => {
  environment = await FlowEnvironment.create("file");
  await environment.pool("etl");
  processTable = await environment.deploy("etl.py:process_table", "etl");
  await environment.post("/concurrency_limits/", { tag: "database", concurrency_limit: LIMIT });
});
afterAll(() => environment?.[Symbol.asyncDispose]());

const active = async (name: string) =>
  (await environment.get<{ active_slots: number }>(`/v2/concurrency_limits/${name}`)).active_slots;
const holders = async () =>
  (await environment.get<{ active_slots: string[] }>("/concurrency_limits/tag/database")).active_slots;

/** The `database` task runs of some flow runs. They are reported with a delay. */
async function queries(flowRuns: readonly string[], condition: (tasks: TaskRun[]) => boolean): Promise<TaskRun[]> {
  const filter = { flow_runs: { id: { any_: [...flowRuns] } }, task_runs: { tags: { all_: ["database"] } } };
  return waitUntil(() => environment.taskRuns(filter), condition);
}

async function running(tasks: readonly TaskRun[]): Promise<TimeSpan[]> {
  return (
    await Promise.all(tasks.map(async ({ id }) => spansInStates(["RUNNING"], await environment.states("task", id))))
  ).flat();
}

const completed = <Run extends { state_type: string }>(runs: readonly Run[]) =>
  runs.filter(({ state_type }) => state_type === "COMPLETED");

it(
  `${SUBFLOWS} subflow runs on three workers never run more tasks with a tag than its limit says`,
  async () => {
    for (const name of ["one", "two", "three"]) {
      workers.set(name, await environment.worker("etl", name, "--limit", "2"));
    }
    await using poller = new Poller(async () => [await active("tag:database"), (await holders()).length]);
    const orchestrator = environment.user.startPython(["etl.py"]);
    const code = await orchestrator.waitForExit();
    const samples = await poller.stop();
    expect(orchestrator.output()).toContain(`${SUBFLOWS} of ${SUBFLOWS} tables are done`);
    expect(code).toBe(0);

    const [parent] = await environment.flowRuns({ flows: { name: { any_: ["main-etl"] } } });
    const runs = await environment.flowRuns({ flow_runs: { parent_flow_run_id: { any_: [parent?.id ?? ""] } } });
    expect(completed(runs)).toHaveLength(SUBFLOWS);
    expect(new Set(runs.map(({ labels }) => labels["prefect.worker.name"]))).toEqual(new Set(workers.keys()));
    const all = 2 * SUBFLOWS;
    const ids = runs.map(({ id }) => id);
    const tasks = await queries(ids, (found) => completed(found).length === all);
    expect(tasks).toHaveLength(all);
    expect(maxConcurrent(await running(tasks))).toBe(LIMIT);
    expect(Math.max(...samples.flat())).toBe(LIMIT);
    expect(await active("tag:database")).toBe(0);
  },
  12 * MINUTES,
);

it.concurrent(
  "when a worker's machine is lost, its slots are released, and other workers can run what it had begun",
  async () => {
    const gate = environment.path("gate");
    const runs: string[] = [];
    while (runs.length < 6)
      runs.push(await environment.run(processTable, { parameters: { table: runs.length, until: gate } }));
    await using poller = new Poller(async () => [await active("tag:database"), (await holders()).length]);
    const isRunning = ({ state_type }: { state_type: string }) => state_type === "RUNNING";
    await waitUntil(
      () => Promise.all(runs.map((id) => environment.flowRun(id))),
      (found) => found.every(isRunning),
      TIMEOUT_SECONDS,
    );
    const holding = await waitUntil(holders, (ids) => ids.length === LIMIT);
    const begun = await queries(runs, (found) => found.filter(isRunning).length === LIMIT);
    const one = await environment.flowRun(begun.find(({ id }) => id === holding[0])?.flow_run_id ?? "");
    const victim = one.labels["prefect.worker.name"] ?? "";

    await workers.get(victim)?.stop("SIGKILL");
    const killed = new Date().toISOString();
    const ofVictim = (run: FlowRun) => run.labels["prefect.worker.name"] === victim;
    const lost = (await Promise.all(runs.map((id) => environment.flowRun(id)))).filter(ofVictim);
    const orphans = begun.filter(
      ({ id, flow_run_id }) => holding.includes(id) && lost.some((run) => run.id === flow_run_id),
    );
    // The tasks may still be running somewhere: they keep their slots until their leases expire.
    expect(await holders()).toEqual(expect.arrayContaining(orphans.map(({ id }) => id)));
    expect(orphans.length).toBeGreaterThan(0);
    await writeFile(gate, "");
    type WorkerStatus = { name: string; status: string }[];
    await waitUntil(
      () => environment.post<WorkerStatus>("/work_pools/etl/workers/filter", {}),
      (found) => found.every(({ name, status }) => (status === "OFFLINE") === (name === victim)),
    );
    for (const { id } of lost) {
      expect((await environment.flowRun(id)).state_type).toBe("RUNNING");
      for (const type of ["CRASHED", "SCHEDULED"])
        await environment.post(`/flow_runs/${id}/set_state`, { state: { type } });
    }

    const ended = await environment.waitForEnd(runs, 400);
    expect(completed(ended)).toHaveLength(runs.length);
    expect(ended.filter(ofVictim)).toEqual([]);
    await waitUntil(
      () => active("tag:database"),
      (slots) => slots === 0,
      LEASE_TIMEOUT_SECONDS,
    );
    expect(await holders()).toEqual([]);
    const samples = await poller.stop();
    expect(Math.max(...samples.flat())).toBe(LIMIT);
    const tasks = await queries(runs, (found) => completed(found).length === 2 * runs.length);
    const spans = (await running(tasks)).map(({ from, to = killed }) => ({ from, to }));
    expect(spans.length).toBe(2 * runs.length + orphans.length);
    expect(maxConcurrent(spans)).toBe(LIMIT);
  },
  15 * MINUTES,
);

it.concurrent(
  "a global limit is never exceeded, and slot decay limits the rate",
  async () => {
    await environment.post("/v2/concurrency_limits/", { name: "shared", limit: 5 });
    await environment.post("/v2/concurrency_limits/", { name: "fading", limit: 2, slot_decay_per_second: 0.5 });
    await environment.post("/v2/concurrency_limits/", { name: "paced", limit: 3, slot_decay_per_second: 1 });
    await using poller = new Poller(async () => Promise.all(["shared", "fading", "paced"].map(active)));
    const go = environment.path("go");
    const start = (...args: string[]) => environment.user.startPython(["shares.py", go, ...args]);
    const three = (...args: string[]) => [start(...args), start(...args), start(...args)];
    const turns = three("take_turns", "shared", "2", "4");
    const fadingTurns = three("take_turns", "fading", "1", "2");
    const paced = three("keep_pace", "paced", "5");
    const refused = start("keep_pace", "shared", "1");
    // No process may finish before the others are ready.
    await Promise.all([...turns, ...fadingTurns, ...paced].map((process) => process.waitForOutput("ready")));
    await writeFile(go, "");
    for (const process of [...turns, ...fadingTurns, ...paced])
      expect(await process.waitForExit(), process.output()).toBe(0);
    const samples = await poller.stop();

    const held = turns.flatMap(grants);
    expect(held).toHaveLength(12);
    const spans = held.map(({ start, end }) => ({ from: iso(start), to: iso(end) }));
    // Five slots, two for each holder: two holders at a time.
    expect(maxConcurrent(spans)).toBe(2);
    expect(fadingTurns.flatMap(grants)).toHaveLength(6);
    for (const [shared, faded, pacing] of samples) {
      expect([0, 2, 4]).toContain(shared);
      expect([0, 1, 2]).toContain(faded);
      expect([0, 1, 2, 3]).toContain(pacing);
    }
    expect(await active("shared")).toBe(0);

    const leaves = paced.flatMap(grants);
    expect(leaves).toHaveLength(15);
    // Slots granted in an interval were free at its start or have decayed in it.
    for (const { start: from } of leaves) {
      for (const { end: to } of leaves) {
        const between = leaves.filter(({ start, end }) => start >= from && end <= to);
        if (between.length > 0) expect(between.length).toBeLessThanOrEqual(3 + (to - from));
      }
    }

    expect(await refused.waitForExit()).not.toBe(0);
    expect(refused.output()).toContain("do not have a decay configured: 'shared'");
  },
  10 * MINUTES,
);

it.concurrent(
  "a live process keeps its slots by renewing the lease, and a killed one loses them when the lease expires",
  async () => {
    const names = ["kept", "lost"];
    for (const name of names) await environment.post("/v2/concurrency_limits/", { name, limit: 1 });
    const release = environment.path("release");
    const atOnce = environment.user.folder;
    const hold = (name: string) => environment.user.startPython(["shares.py", atOnce, "hold", name, release]);
    const held = '{"held": true}';
    const lives = hold("kept");
    await lives.waitForOutput(held);
    const dies = hold("lost");
    await dies.waitForOutput(held);
    await dies.stop("SIGKILL");
    expect(await Promise.all(names.map(active))).toEqual([1, 1]);
    const waits = hold("lost");
    await waitUntil(
      async () => waits.output(),
      (output) => output.includes(held),
      LEASE_TIMEOUT_SECONDS,
    );
    // Its lease is older than the expired one: it has been renewed.
    expect(await active("kept")).toBe(1);
    await writeFile(release, "");
    expect([await lives.waitForExit(), await waits.waitForExit()]).toEqual([0, 0]);
    expect(await Promise.all(names.map(active))).toEqual([0, 0]);
  },
  10 * MINUTES,
);

interface Grant {
  /** Seconds since 1970. */
  start: number;
  end: number;
}

function grants(process: BackgroundProcess): Grant[] {
  const lines = process.output().split("\n");
  return lines.filter((line) => line.includes('"end"')).map((line) => JSON.parse(line) as Grant);
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
