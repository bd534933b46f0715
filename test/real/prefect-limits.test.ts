import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Fleet, type FlowRun, type TaskRun } from "./harness/fleet.ts";
import { mostAtOnce, type Span, spansIn, Watch } from "./harness/overlap.ts";
import { type Running, until } from "./harness/prefect-user.ts";

/** Limits on task tags and global limits, in the hands of real flow processes. */

const MINUTES = 60_000;
const SUBFLOWS = 20;
const LIMIT = 3;
/** The shortest lease there is, a pass of the reaper, and time for a machine with much else to do. */
const LEASE_PATIENCE_SECONDS = 60 + 15 + 60;
const PATIENCE_SECONDS = 240;

let fleet: Fleet;
const workers = new Map<string, Running>();
let processTable: string;

beforeAll(async () => {
  fleet = await Fleet.open("file");
  await fleet.pool("etl");
  processTable = await fleet.deploy("etl.py:process_table", "etl");
  await fleet.post("/concurrency_limits/", { tag: "database", concurrency_limit: LIMIT });
});
afterAll(() => fleet?.[Symbol.asyncDispose]());

const active = async (name: string) =>
  (await fleet.get<{ active_slots: number }>(`/v2/concurrency_limits/${name}`)).active_slots;
const holders = async () =>
  (await fleet.get<{ active_slots: string[] }>("/concurrency_limits/tag/database")).active_slots;

/** The runs of queries in some flow runs. Who runs them reports them when it likes. */
async function queries(flowRuns: readonly string[], isSo: (seen: TaskRun[]) => boolean): Promise<TaskRun[]> {
  const filter = { flow_runs: { id: { any_: [...flowRuns] } }, task_runs: { tags: { all_: ["database"] } } };
  return until(() => fleet.taskRuns(filter), isSo);
}

async function running(tasks: readonly TaskRun[]): Promise<Span[]> {
  return (await Promise.all(tasks.map(async ({ id }) => spansIn(["RUNNING"], await fleet.states("task", id))))).flat();
}

const completed = <Run extends { state_type: string }>(runs: readonly Run[]) =>
  runs.filter(({ state_type }) => state_type === "COMPLETED");

it(
  `${SUBFLOWS} subflow runs on three workers never run more tasks with a tag than its limit says`,
  async () => {
    for (const name of ["one", "two", "three"]) {
      workers.set(name, await fleet.worker("etl", name, "--limit", "2"));
    }
    await using watch = new Watch(async () => [await active("tag:database"), (await holders()).length]);
    const orchestrator = fleet.user.startPython(["etl.py"]);
    const code = await orchestrator.ended();
    const seen = await watch.stop();
    expect(orchestrator.output()).toContain(`${SUBFLOWS} of ${SUBFLOWS} tables are done`);
    expect(code).toBe(0);

    const [parent] = await fleet.flowRuns({ flows: { name: { any_: ["main-etl"] } } });
    const runs = await fleet.flowRuns({ flow_runs: { parent_flow_run_id: { any_: [parent?.id ?? ""] } } });
    expect(completed(runs)).toHaveLength(SUBFLOWS);
    expect(new Set(runs.map(({ labels }) => labels["prefect.worker.name"]))).toEqual(new Set(workers.keys()));
    const all = 2 * SUBFLOWS;
    const ids = runs.map(({ id }) => id);
    const tasks = await queries(ids, (seen) => completed(seen).length === all);
    expect(tasks).toHaveLength(all);
    expect(mostAtOnce(await running(tasks))).toBe(LIMIT);
    expect(Math.max(...seen.flat())).toBe(LIMIT);
    expect(await active("tag:database")).toBe(0);
  },
  12 * MINUTES,
);

it.concurrent(
  "when a worker's machine is gone, its slots come back, and what it had begun can be run by others",
  async () => {
    const gate = fleet.path("gate");
    const runs: string[] = [];
    while (runs.length < 6)
      runs.push(await fleet.run(processTable, { parameters: { table: runs.length, until: gate } }));
    await using watch = new Watch(async () => [await active("tag:database"), (await holders()).length]);
    const isRunning = ({ state_type }: { state_type: string }) => state_type === "RUNNING";
    await until(
      () => Promise.all(runs.map((id) => fleet.flowRun(id))),
      (seen) => seen.every(isRunning),
      PATIENCE_SECONDS,
    );
    const holding = await until(holders, (ids) => ids.length === LIMIT);
    const begun = await queries(runs, (seen) => seen.filter(isRunning).length === LIMIT);
    const one = await fleet.flowRun(begun.find(({ id }) => id === holding[0])?.flow_run_id ?? "");
    const victim = one.labels["prefect.worker.name"] ?? "";

    await workers.get(victim)?.stop("SIGKILL");
    const killed = new Date().toISOString();
    const ofVictim = (run: FlowRun) => run.labels["prefect.worker.name"] === victim;
    const lost = (await Promise.all(runs.map((id) => fleet.flowRun(id)))).filter(ofVictim);
    const orphans = begun.filter(
      ({ id, flow_run_id }) => holding.includes(id) && lost.some((run) => run.id === flow_run_id),
    );
    // Nobody knows yet whether its tasks still go on somewhere: they keep their slots until their leases have run out.
    expect(await holders()).toEqual(expect.arrayContaining(orphans.map(({ id }) => id)));
    expect(orphans.length).toBeGreaterThan(0);
    await writeFile(gate, "");
    type Seen = { name: string; status: string }[];
    await until(
      () => fleet.post<Seen>("/work_pools/etl/workers/filter", {}),
      (seen) => seen.every(({ name, status }) => (status === "OFFLINE") === (name === victim)),
    );
    for (const { id } of lost) {
      expect((await fleet.flowRun(id)).state_type).toBe("RUNNING");
      for (const type of ["CRASHED", "SCHEDULED"]) await fleet.post(`/flow_runs/${id}/set_state`, { state: { type } });
    }

    const ended = await fleet.ended(runs, 400);
    expect(completed(ended)).toHaveLength(runs.length);
    expect(ended.filter(ofVictim)).toEqual([]);
    await until(
      () => active("tag:database"),
      (slots) => slots === 0,
      LEASE_PATIENCE_SECONDS,
    );
    expect(await holders()).toEqual([]);
    const seen = await watch.stop();
    expect(Math.max(...seen.flat())).toBe(LIMIT);
    const tasks = await queries(runs, (seen) => completed(seen).length === 2 * runs.length);
    const spans = (await running(tasks)).map(({ from, to = killed }) => ({ from, to }));
    expect(spans.length).toBe(2 * runs.length + orphans.length);
    expect(mostAtOnce(spans)).toBe(LIMIT);
  },
  15 * MINUTES,
);

it.concurrent(
  "a global limit is never exceeded by processes that take turns, and one that decays sets their pace",
  async () => {
    await fleet.post("/v2/concurrency_limits/", { name: "shared", limit: 5 });
    await fleet.post("/v2/concurrency_limits/", { name: "fading", limit: 2, slot_decay_per_second: 0.5 });
    await fleet.post("/v2/concurrency_limits/", { name: "paced", limit: 3, slot_decay_per_second: 1 });
    await using watch = new Watch(async () => Promise.all(["shared", "fading", "paced"].map(active)));
    const go = fleet.path("go");
    const start = (...args: string[]) => fleet.user.startPython(["shares.py", go, ...args]);
    const three = (...args: string[]) => [start(...args), start(...args), start(...args)];
    const turns = three("take_turns", "shared", "2", "4");
    const fadingTurns = three("take_turns", "fading", "1", "2");
    const paced = three("keep_pace", "paced", "5");
    const refused = start("keep_pace", "shared", "1");
    // Who is here first must not be done before the others come.
    await Promise.all([...turns, ...fadingTurns, ...paced].map((process) => process.said("ready")));
    await writeFile(go, "");
    for (const process of [...turns, ...fadingTurns, ...paced]) expect(await process.ended(), process.output()).toBe(0);
    const seen = await watch.stop();

    const held = turns.flatMap(grants);
    expect(held).toHaveLength(12);
    const spans = held.map(({ start, end }) => ({ from: iso(start), to: iso(end) }));
    // Of two slots each there is room for two holders.
    expect(mostAtOnce(spans)).toBe(2);
    expect(fadingTurns.flatMap(grants)).toHaveLength(6);
    for (const [shared, faded, pacing] of seen) {
      expect([0, 2, 4]).toContain(shared);
      expect([0, 1, 2]).toContain(faded);
      expect([0, 1, 2, 3]).toContain(pacing);
    }
    expect(await active("shared")).toBe(0);

    const leaves = paced.flatMap(grants);
    expect(leaves).toHaveLength(15);
    // Whatever was granted between two moments had been in the bucket or fell into it in between.
    for (const { start: from } of leaves) {
      for (const { end: to } of leaves) {
        const between = leaves.filter(({ start, end }) => start >= from && end <= to);
        if (between.length > 0) expect(between.length).toBeLessThanOrEqual(3 + (to - from));
      }
    }

    expect(await refused.ended()).not.toBe(0);
    expect(refused.output()).toContain("do not have a decay configured: 'shared'");
  },
  10 * MINUTES,
);

it.concurrent(
  "who lives keeps its slots beyond the lease, and who is killed loses them with it",
  async () => {
    const names = ["kept", "lost"];
    for (const name of names) await fleet.post("/v2/concurrency_limits/", { name, limit: 1 });
    const release = fleet.path("release");
    const atOnce = fleet.user.folder;
    const hold = (name: string) => fleet.user.startPython(["shares.py", atOnce, "hold", name, release]);
    const held = '{"held": true}';
    const lives = hold("kept");
    await lives.said(held);
    const dies = hold("lost");
    await dies.said(held);
    await dies.stop("SIGKILL");
    expect(await Promise.all(names.map(active))).toEqual([1, 1]);
    const waits = hold("lost");
    await until(
      async () => waits.output(),
      (output) => output.includes(held),
      LEASE_PATIENCE_SECONDS,
    );
    // Its lease is older than the one that has run out: somebody has renewed it.
    expect(await active("kept")).toBe(1);
    await writeFile(release, "");
    expect([await lives.ended(), await waits.ended()]).toEqual([0, 0]);
    expect(await Promise.all(names.map(active))).toEqual([0, 0]);
  },
  10 * MINUTES,
);

interface Grant {
  /** Seconds since 1970. */
  start: number;
  end: number;
}

function grants(process: Running): Grant[] {
  const lines = process.output().split("\n");
  return lines.filter((line) => line.includes('"end"')).map((line) => JSON.parse(line) as Grant);
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
