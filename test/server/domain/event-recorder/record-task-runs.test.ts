import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { addSeconds } from "../../../../server/values/timestamp.ts";
import { type Api, apiOn, START } from "../../support/api.ts";
import { newRun } from "../../support/runs.ts";
import { onEachStore } from "../../support/stores.ts";

/** What a client reports: after so many milliseconds, a task of a flow run was in a state. */
interface Report {
  /** Of the event, which is that of the state. */
  id: string;
  taskRun: string;
  key: string;
  milliseconds: number;
  type: string;
}

function eventOf(flowRun: string | null, { id, taskRun, key, milliseconds, type }: Report, more: object = {}) {
  const occurred = addSeconds(START, milliseconds / 1000);
  return {
    id,
    occurred,
    event: `prefect.task-run.${type}`,
    resource: { "prefect.resource.id": `prefect.task-run.${taskRun}`, "prefect.orchestration": "client" },
    related:
      flowRun === null
        ? []
        : [{ "prefect.resource.id": `prefect.flow-run.${flowRun}`, "prefect.resource.role": "flow-run" }],
    payload: {
      validated_state: { type, name: type.toLowerCase(), message: `at ${milliseconds}`, state_details: {} },
      task_run: { task_key: "task", dynamic_key: key, name: `task-${key}`, run_count: milliseconds, tags: ["t"] },
    },
    ...more,
  };
}

interface TaskRun {
  id: string;
  name: string;
  flow_run_id: string | null;
  dynamic_key: string;
  run_count: number;
  tags: string[];
  state_name: string;
  state: { id: string; name: string; timestamp: string; message: string };
}

const report = (more: Partial<Report> = {}): Report => ({
  id: randomUUID(),
  taskRun: randomUUID(),
  key: "0",
  milliseconds: 0,
  type: "RUNNING",
  ...more,
});

async function taskRunsOf(api: Api, flowRun: string): Promise<TaskRun[]> {
  const body = { flow_runs: { id: { any_: [flowRun] } }, sort: "ID_DESC" };
  return (await api.post("/task_runs/filter", body)).body;
}

async function statesOf(api: Api, taskRun: string): Promise<{ id: string; timestamp: string; name: string }[]> {
  return (await api.get(`/task_run_states/?task_run_id=${taskRun}`)).body;
}

onEachStore("task runs that clients report", (store) => {
  const type = fc.constantFrom("PENDING", "RUNNING", "COMPLETED", "FAILED");
  // Several tasks of a flow run; each state once, and some of them again.
  const history = fc
    .uniqueArray(fc.tuple(fc.nat(2), fc.nat(50), type), {
      minLength: 1,
      maxLength: 12,
      selector: ([task, milliseconds]) => `${task} ${milliseconds}`,
    })
    .chain((facts) =>
      fc.record({
        facts: fc.constant(facts),
        told: fc.shuffledSubarray(
          facts.flatMap((_, index) => [index, index]),
          { minLength: facts.length },
        ),
        cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 24, maxLength: 24 }),
        together: fc.boolean(),
      }),
    );

  it("end up the same in whatever order, however often and in whatever groups the reports come", async () => {
    // Two servers on one database.
    const api = apiOn(store());
    const servers = [api, apiOn(store())];
    const parent = await newRun(api);
    await fc.assert(
      fc.asyncProperty(history, async ({ facts, told: reported, cuts, together }) => {
        const flowRun = (await newRun(api, { flow_id: parent.flow_id })).id;
        const ids = [randomUUID(), randomUUID(), randomUUID()];
        const reports = facts.map(([task, milliseconds, type]) =>
          report({ taskRun: ids[task] as string, key: String(task), milliseconds, type }),
        );
        // What was drawn twice comes twice; what was not drawn comes last.
        const order = [...reported, ...facts.keys()].map((index) => eventOf(flowRun, reports[index] as Report));
        const groups: object[][] = [];
        for (const cut of cuts) if (order.length > 0) groups.push(order.splice(0, cut));
        if (order.length > 0) groups.push(order);
        const send = async (group: object[], index: number) => {
          expect((await (servers[index % 2] as Api).post("/events", group)).status).toBe(204);
        };
        if (together) await Promise.all(groups.map(send));
        else for (const [index, group] of groups.entries()) await send(group, index);

        const runs = await taskRunsOf(api, flowRun);
        expect(runs.map((run) => run.dynamic_key).sort()).toEqual(
          [...new Set(facts.map(([task]) => `${task}`))].sort(),
        );
        for (const run of runs) {
          const own = reports
            .filter(({ key }) => key === run.dynamic_key)
            .sort((a, b) => a.milliseconds - b.milliseconds);
          const last = own.at(-1) as Report;
          expect(run).toMatchObject({
            id: last.taskRun,
            name: `task-${last.key}`,
            run_count: last.milliseconds,
            state_name: last.type.toLowerCase(),
            state: { id: last.id, message: `at ${last.milliseconds}` },
            tags: ["t"],
          });
          expect((await statesOf(api, run.id)).map((state) => state.id)).toEqual(own.map(({ id }) => id));
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it("are one run when one task was reported under several ids", async () => {
    const api = apiOn(store());
    const other = apiOn(store());
    const way = fc.constantFrom("in one request", "one after the other", "at once");
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), way, async (order, way) => {
        const flowRun = (await newRun(api)).id;
        const ids = [randomUUID(), randomUUID()];
        const reports = [0, 1, 2, 3].map((number) =>
          report({
            taskRun: ids[number % 2] as string,
            milliseconds: number,
            type: number === 3 ? "FAILED" : "RUNNING",
          }),
        );
        const events = order.map((number) => eventOf(flowRun, reports[number] as Report));
        if (way === "in one request") await api.post("/events", events);
        if (way === "one after the other") for (const one of events) await api.post("/events", [one]);
        if (way === "at once") {
          await Promise.all(events.map((one, index) => (index % 2 === 0 ? api : other).post("/events", [one])));
        }
        const runs = await taskRunsOf(api, flowRun);
        expect(runs).toMatchObject([{ state_name: "failed", run_count: 3 }]);
        const states = await statesOf(api, (runs[0] as TaskRun).id);
        expect(states.map(({ id }) => id)).toEqual(reports.map(({ id }) => id));
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it("keep two states of the same moment, one right after the other", async () => {
    const api = apiOn(store());
    const flowRun = (await newRun(api)).id;
    const [first, second] = [report(), report({ type: "COMPLETED" })];
    second.taskRun = first.taskRun;
    await api.post("/events", [eventOf(flowRun, first)]);
    await api.post("/events", [eventOf(flowRun, second)]);
    const [run] = await taskRunsOf(api, flowRun);
    const states = await statesOf(api, first.taskRun);
    expect(states.map(({ id }) => id)).toEqual([first.id, second.id]);
    expect(states.map(({ timestamp }) => timestamp)).toEqual([START, addSeconds(START, 1e-6)]);
    expect(run?.state.id).toBe(first.id);
  });

  it("may belong to no flow run", async () => {
    const api = apiOn(store());
    const own = report();
    await api.post("/events", [eventOf(null, own)]);
    expect((await api.get(`/task_runs/${own.taskRun}`)).body).toMatchObject({ flow_run_id: null, dynamic_key: "0" });
  });

  it("are left out when their flow run is unknown, and the others are kept", async () => {
    const api = apiOn(store());
    const flowRun = (await newRun(api)).id;
    const [known, unknown] = [report(), report()];
    await api.post("/events", [eventOf(randomUUID(), unknown), eventOf(flowRun, known)]);
    expect((await api.get(`/task_runs/${unknown.taskRun}`)).status).toBe(404);
    expect((await api.get(`/task_runs/${known.taskRun}`)).status).toBe(200);
  });

  it.each([
    ["no payload", { payload: {} }],
    ["a payload of other types", { payload: { validated_state: [], task_run: "x" } }],
    [
      "no kind of state",
      { payload: { validated_state: { type: "x" }, task_run: { task_key: "a", dynamic_key: "b" } } },
    ],
    ["no key", { payload: { validated_state: { type: "RUNNING" }, task_run: {} } }],
    ["a resource that is no task run", { resource: { "prefect.resource.id": "x", "prefect.orchestration": "client" } }],
    ["a state that the server made", { resource: { "prefect.resource.id": `prefect.task-run.${randomUUID()}` } }],
  ])("are not made of an event with %s, which is kept all the same", async (_, more) => {
    const api = apiOn(store());
    const flowRun = (await newRun(api)).id;
    const own = report();
    expect((await api.post("/events", [eventOf(flowRun, own, more)])).status).toBe(204);
    expect(await taskRunsOf(api, flowRun)).toEqual([]);
    const day = { since: START, until: addSeconds(START, 60) };
    const found = await api.post("/events/filter", { filter: { occurred: day, id: { id: [own.id] } } });
    expect(found.body).toMatchObject({ total: 1 });
  });

  it("take what no database can hold out of their texts, and leave out what is of another type", async () => {
    const api = apiOn(store());
    const flowRun = (await newRun(api)).id;
    const own = report();
    const payload = {
      validated_state: {
        type: "FAILED",
        name: "a\u0000b",
        message: "\ud800",
        state_details: { retriable: "yes", x: 1 },
      },
      task_run: {
        task_key: "k\u0000",
        dynamic_key: "0",
        name: "n\u0000",
        run_count: 1.5,
        total_run_time: "long",
        start_time: "never",
        cache_key: 7,
        tags: "none",
        labels: [],
        task_inputs: { x: [{ input_type: "parameter", name: "\u0000" }] },
      },
    };
    expect((await api.post("/events", [eventOf(flowRun, own, { payload })])).status).toBe(204);
    expect(await taskRunsOf(api, flowRun)).toMatchObject([
      {
        name: "n",
        task_key: "k",
        state_name: "ab",
        run_count: 0,
        total_run_time: 0,
        start_time: null,
        cache_key: null,
        tags: [],
        labels: {},
        state: { message: "\ufffd", state_details: { retriable: null } },
      },
    ]);
  });

  it("go with their flow run, and don't come back with a late report", async () => {
    const api = apiOn(store());
    const flowRun = (await newRun(api)).id;
    const own = report();
    await api.post("/events", [eventOf(flowRun, own)]);
    await api.delete(`/flow_runs/${flowRun}`);
    await api.post("/events", [eventOf(flowRun, { ...own, id: randomUUID(), milliseconds: 9 })]);
    expect((await api.get(`/task_runs/${own.taskRun}`)).status).toBe(404);
  });
});
