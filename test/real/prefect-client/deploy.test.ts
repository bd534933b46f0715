import { afterAll, beforeAll, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { PrefectUser, waitUntil } from "../harness/prefect-user.ts";
import { referenceServer, type TestServer } from "../harness/servers.ts";

/** The ways in which Prefect's client creates deployments, and what their runs use of the API, on the reference server. */

let server: TestServer;
let user: PrefectUser;
beforeAll(async () => {
  server = await referenceServer.start();
  user = await PrefectUser.create(server.directUrl);
  await request("POST", "/variables/", { name: "title", value: "Figures" });
});
afterAll(async () => {
  await user?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

it("prefect deploy creates what prefect.yaml declares and, the next time, keeps only what it declares then", async () => {
  await request("POST", "/work_pools/", { name: "machines", type: "process" });
  const nightly = {
    name: "nightly",
    entrypoint: "pipeline.py:placed",
    description: "Every night.",
    version: "1",
    tags: ["etl", "nightly"],
    parameters: { region: "eu", size: 2 },
    enforce_parameter_schema: true,
    concurrency_limit: { limit: 2, collision_strategy: "CANCEL_NEW", grace_period_seconds: 90 },
    schedules: [
      // The client keeps schedules with slugs that the file does not mention.
      { slug: "night", cron: "0 3 * * *", timezone: "Europe/Berlin" },
      { interval: 3600, anchor_date: "2026-01-01T00:00:00+00:00", parameters: { region: "us" } },
      { rrule: "FREQ=WEEKLY;BYDAY=MO", active: false },
    ],
    work_pool: { name: "machines", work_queue_name: "fast", job_variables: { env: { TEAM: "etl" } } },
  };
  const manual = { name: "by-hand", entrypoint: "pipeline.py:placed", work_pool: { name: "machines" } };
  await user.write("prefect.yaml", project([nightly, manual]));
  await user.prefect("deploy", "--all");

  const first = await deployment("placed/nightly");
  expect(first).toMatchObject({
    description: "Every night.",
    version: "1",
    tags: ["etl", "nightly"],
    parameters: { region: "eu", size: 2 },
    enforce_parameter_schema: true,
    paused: false,
    entrypoint: "pipeline.py:placed",
    pull_steps: pullSteps(),
    work_pool_name: "machines",
    work_queue_name: "fast",
    job_variables: { env: { TEAM: "etl" } },
    global_concurrency_limit: { limit: 2, active_slots: 0 },
    concurrency_options: { collision_strategy: "CANCEL_NEW", grace_period_seconds: 90 },
    parameter_openapi_schema: {
      required: ["region"],
      properties: { region: { type: "string" }, size: { type: "integer", default: 1 } },
    },
  });
  expect(schedules(first)).toEqual({
    cron: [{ cron: "0 3 * * *", timezone: "Europe/Berlin", day_or: true }, "night", true, {}],
    interval: [{ interval: 3600, anchor_date: "2026-01-01T00:00:00Z", timezone: "UTC" }, null, true, { region: "us" }],
    rrule: [{ rrule: "DTSTART:20200101T000000\nFREQ=WEEKLY;BYDAY=MO", timezone: "UTC" }, null, false, {}],
  });
  const other = await deployment("placed/by-hand");
  expect(other).toMatchObject({ flow_id: first.flow_id, work_queue_name: "default", schedules: [], parameters: {} });
  // The scheduler has created runs, with the parameters of each schedule.
  const planned = await waitUntil(
    () => runsOf(first),
    (runs) => new Set(runs.map(regionOf)).size === 2,
  );
  expect(planned.every((run) => run.state_name === "Scheduled" && run.auto_scheduled === true)).toBe(true);

  const { description: _description, version: _version, ...rest } = nightly;
  const later = {
    ...rest,
    tags: ["etl"],
    parameters: { region: "asia" },
    concurrency_limit: 1,
    schedules: [{ slug: "night", cron: "30 4 * * *", timezone: "Europe/Berlin" }],
    work_pool: { ...nightly.work_pool, job_variables: { env: { TEAM: "core" } } },
  };
  await user.write("prefect.yaml", project([later, manual]));
  await user.prefect("deploy", "--name", "nightly");

  const second = await deployment("placed/nightly");
  expect(second).toMatchObject({
    id: first.id,
    created: first.created,
    description: "Says where it runs and with what.",
    tags: ["etl"],
    parameters: { region: "asia" },
    job_variables: { env: { TEAM: "core" } },
    global_concurrency_limit: { limit: 1 },
  });
  expect(schedules(second)).toEqual({
    cron: [{ cron: "30 4 * * *", timezone: "Europe/Berlin", day_or: true }, "night", true, {}],
  });
  expect(await deployment("placed/by-hand")).toEqual(other);
  const replanned = await waitUntil(
    () => runsOf(first),
    (runs) => runs.length > 0 && runs.every((run) => regionOf(run) === "asia"),
  );
  expect(replanned.filter((run) => planned.some(({ id }) => id === run.id))).toEqual([]);
});

it("a run gets its pull steps, job variables and parameters; parameters that violate the schema are refused with a reason", async () => {
  await request("POST", "/work_pools/", { name: "shop-floor", type: "process" });
  const work_pool = { name: "shop-floor", job_variables: { env: { TEAM: "etl" } } };
  await user.write("prefect.yaml", project([{ name: "floor", entrypoint: "pipeline.py:placed", work_pool }]));
  await user.prefect("deploy", "--all");

  const [shape, stranger, inspected] = await Promise.all([
    user.cli("deployment", "run", "placed/floor", "-p", "region=eu", "-p", "size=many"),
    user.cli("deployment", "run", "placed/floor", "-p", "region=eu", "-p", "colour=red"),
    user.prefect("deployment", "inspect", "placed/floor", "--output", "json"),
  ]);
  expect(shape).toMatchObject({ code: 1, stdout: expect.stringContaining("'many' is not of type 'integer'") });
  expect(stranger).toMatchObject({ code: 1, stdout: expect.stringContaining("not found on the deployment: 'colour'") });
  expect(JSON.parse(inspected)).toMatchObject({ name: "floor", work_pool_name: "shop-floor", automations: [] });
  expect(await runsOf(await deployment("placed/floor"))).toEqual([]);

  const options = {
    parameters: { region: "eu", size: 5 },
    job_variables: { env: { TEAM: "night shift" } },
    timeout: 0,
  };
  await user.python("runs.py", "run", "placed/floor", JSON.stringify(options));
  await user.prefect("worker", "start", "--pool", "shop-floor", "--run-once");
  const [run] = await runsOf(await deployment("placed/floor"));
  expect(run).toMatchObject({ state_name: "Completed", work_queue_name: "default", run_count: 1 });
  const logs = await waitUntil(
    () => logsOf(run),
    (lines) => lines.some((line) => line.startsWith("Finished")),
  );
  expect(logs).toContain(`${user.folder} of night shift: eu, 5`);
});

it("flow.deploy() creates a deployment, and updates it the second time", async () => {
  await request("POST", "/work_pools/", { name: "sources", type: "process" });
  const byScript = async (options: JsonObject) => {
    const { code, stdout, stderr } = await user.python("deploy_pipeline.py", JSON.stringify(options));
    expect(code, stderr).toBe(0);
    return stdout.trim().split("\n").at(-1);
  };
  const common = { name: "sourced", work_pool_name: "sources" };
  const id = await byScript({
    ...common,
    ...{ interval: 3600, tags: ["a"], parameters: { count: 2 }, version: "1" },
  });
  const first = await deployment("report/sourced");
  expect(first).toMatchObject({ id, tags: ["a"], parameters: { count: 2 }, version: "1" });
  expect(first).toMatchObject({ entrypoint: "pipeline.py:report", pull_steps: pullSteps() });
  expect(schedulesIn(first)).toMatchObject([{ schedule: { interval: 3600 }, active: true }]);

  const described = { description: "The second.", cron: "0 0 * * *", tags: ["b"], concurrency_limit: 3 };
  expect(await byScript({ ...common, ...described })).toBe(id);
  const second = await deployment("report/sourced");
  // Options that are absent are not sent, and so keep their values.
  expect(second).toMatchObject({ created: first.created, tags: ["b"], parameters: {}, description: "The second." });
  expect(second).toMatchObject({ global_concurrency_limit: { limit: 3 } });
  expect(schedulesIn(second)).toMatchObject([{ schedule: { cron: "0 0 * * *" }, active: true }]);
});

it("flow.serve() runs its deployment, reports everything its flow does, and leaves the deployment paused on SIGINT", async () => {
  const options = { name: "served", interval: 3600, tags: ["live"], description: "Served." };
  const serving = user.startPython(["serve_pipeline.py", "report", JSON.stringify(options)], served);
  await serving.waitForOutput("is being served");
  const registered = await deployment("report/served");
  expect(registered).toMatchObject({ description: "Served.", tags: ["live"], paused: false, work_pool_name: null });
  expect(schedulesIn(registered)).toMatchObject([{ schedule: { interval: 3600 }, active: true }]);

  const [ran, calling] = await Promise.all([
    user.python("runs.py", "run", "report/served", JSON.stringify({ parameters: { count: 4 } })),
    user.python("-c", "import pipeline; pipeline.calls('report/served')"),
  ]);
  expect(calling, calling.stderr).toMatchObject({ code: 0 });
  const answer = JSON.parse(ran.stdout.trim().split("\n").at(-1) ?? "");
  expect(answer).toEqual({ id: expect.any(String), state: "Completed", result: 6 });

  const run = (await request("GET", `/flow_runs/${answer.id}`)) as JsonObject;
  expect(run).toMatchObject({ state_name: "Completed", parameters: { count: 4 }, deployment_id: registered.id ?? "" });
  const tasks = (await request("POST", "/task_runs/filter", {
    flow_runs: { id: { any_: [answer.id] } },
  })) as JsonObject[];
  expect(tasks).toHaveLength(3);
  expect(taskNamed(tasks, "shaky")).toMatchObject({ state_type: "COMPLETED", run_count: 2 });
  expect(taskNamed(tasks, "rows")).toMatchObject({ state_type: "COMPLETED", run_count: 1 });
  const subflows = await childrenOf(answer.id);
  expect(subflows).toMatchObject([{ state_name: "Completed", parameters: { numbers: [0, 1, 2, 3] } }]);
  const parent = taskNamed(tasks, "summed");
  expect(parent).toMatchObject({ id: subflows[0]?.parent_task_run_id, state_type: "COMPLETED" });
  expect(parent).toMatchObject({ state: { state_details: { child_flow_run_id: subflows[0]?.id } } });

  const filter = { artifacts: { flow_run_id: { any_: [answer.id] }, key: { any_: ["report"] } } };
  expect(await request("POST", "/artifacts/filter", filter)).toMatchObject([
    { type: "markdown", data: "# Figures\n\n6 in all", description: "What was counted." },
  ]);
  const secret = "/block_types/slug/secret/block_documents/name/total-of-4";
  expect(await request("GET", secret)).toMatchObject({ data: { value: "********" } });
  expect(await request("GET", `${secret}?include_secrets=true`)).toMatchObject({ data: { value: "6 in all" } });

  // The flow of another process that called the deployment, with the run as its child.
  const [caller] = (await request("POST", "/flow_runs/filter", {
    flows: { name: { any_: ["calls"] } },
  })) as JsonObject[];
  expect(caller).toMatchObject({ state_name: "Completed", deployment_id: null });
  expect(await childrenOf(caller?.id)).toMatchObject([{ deployment_id: registered.id, state_name: "Completed" }]);

  expect(await serving.stop("SIGINT")).toBe(0);
  expect(await deployment("report/served")).toMatchObject({ paused: true });
  expect((await runsOf(registered)).filter(({ auto_scheduled }) => auto_scheduled)).toEqual([]);
});

it("processes that wait for a run get its final state, also after a pause for input; SIGTERM ends serving, too", async () => {
  const serving = user.startPython(["serve_pipeline.py", "report", JSON.stringify({ name: "asking" })], served);
  await serving.waitForOutput("is being served");
  const asking = await deployment("report/asking");
  const watched = user.start(["deployment", "run", "report/asking", "-p", "ask=true", "-p", "count=2", "--watch"]);
  await user.python("runs.py", "run", "report/asking", JSON.stringify({ parameters: { ask: true }, timeout: 0 }));
  const paused = await waitUntil(
    () => runsOf(asking),
    (runs) => runs.length === 2 && runs.every(({ state_name }) => state_name === "Paused"),
    240,
  );
  const good = paused.find(({ parameters }) => (parameters as JsonObject).count === 2)?.id as string;
  const bad = paused.find(({ id }) => id !== good)?.id as string;
  const waiting = user.startPython(["runs.py", "wait", good]);
  const watching = user.start(["flow-run", "watch", bad]);
  await Promise.all([waiting.waitForOutput("waiting"), watching.waitForOutput(/Paused|Watching/)]);

  expect(await request("POST", `/flow_runs/${good}/resume`, { run_input: { approved: "perhaps" } })).toMatchObject({
    status: "REJECT",
  });
  const resumed = await Promise.all([
    user.python("runs.py", "resume", good, JSON.stringify({ run_input: { approved: true, by: "ada" } })),
    user.python("runs.py", "resume", bad, JSON.stringify({ run_input: { approved: false } })),
  ]);
  expect(resumed.map(({ code }) => code)).toEqual([0, 0]);
  expect(await watched.waitForExit(), watched.output()).toBe(0);
  expect(watched.output()).toContain("Flow run finished successfully in 'Completed'");
  expect(await waiting.waitForExit(), waiting.output()).toBe(0);
  expect(waiting.output()).toContain('"state": "Completed", "result": 1}');
  expect(await watching.waitForExit(), watching.output()).toBe(1);
  expect(watching.output()).toContain("Flow run finished in state 'Failed'");
  expect(
    await waitUntil(
      () => logsOf({ id: good }),
      (lines) => lines.includes("ada says True"),
    ),
  ).toContain("ada says True");

  expect(await serving.stop("SIGTERM")).toBe(0);
  expect(await deployment("report/asking")).toMatchObject({ paused: true });
});

/** The default is ten seconds. */
const served = { PREFECT_RUNNER_POLL_FREQUENCY: "1" };

function request(method: string, path: string, body?: JsonObject) {
  return server.request(method, path, body);
}

/** prefect.yaml. JSON is YAML. */
function project(deployments: readonly object[]): string {
  return JSON.stringify({ name: "shop", pull: pullSteps(), deployments });
}

function pullSteps() {
  return [{ "prefect.deployments.steps.set_working_directory": { directory: user.folder } }];
}

async function deployment(name: string): Promise<JsonObject> {
  return (await request("GET", `/deployments/name/${name}`)) as JsonObject;
}

function schedulesIn(deployment: JsonObject): JsonObject[] {
  return deployment.schedules as JsonObject[];
}

/** By kind: the schedule, its slug, whether it is active, its own parameters. */
function schedules(deployment: JsonObject) {
  const kindOf = (schedule: object) => ["cron", "interval", "rrule"].find((kind) => kind in schedule);
  return Object.fromEntries(
    schedulesIn(deployment).map(({ schedule, slug, active, parameters }) => [
      kindOf(schedule as JsonObject),
      [schedule, slug, active, parameters],
    ]),
  );
}

async function runsOf({ id = null }: JsonObject): Promise<JsonObject[]> {
  const filter = { flow_runs: { deployment_id: { any_: [id] } } };
  return (await request("POST", "/flow_runs/filter", filter)) as JsonObject[];
}

async function childrenOf(id: JsonObject[string] | undefined): Promise<JsonObject[]> {
  const filter = { flow_runs: { parent_flow_run_id: { any_: [id ?? null] } } };
  return (await request("POST", "/flow_runs/filter", filter)) as JsonObject[];
}

function regionOf(run: JsonObject) {
  return (run.parameters as JsonObject).region;
}

async function logsOf(run: JsonObject | undefined): Promise<string[]> {
  const filter = { logs: { flow_run_id: { any_: [run?.id ?? null] } } };
  const logs = (await request("POST", "/logs/filter", filter)) as { message: string }[];
  return logs.map(({ message }) => message);
}

function taskNamed(tasks: readonly JsonObject[], task: string): JsonObject | undefined {
  return tasks.find(({ name }) => String(name).startsWith(`${task}-`));
}
