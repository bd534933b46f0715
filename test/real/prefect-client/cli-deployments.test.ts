import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { type CliContext, describePrefectCli } from "../harness/describe-prefect-cli.ts";
import { rows } from "../harness/prefect-cli.ts";
import { servers } from "../harness/servers.ts";

/** Deployments, their schedules and the waiting runs of pools, with Prefect's CLI. */

interface Deployment extends JsonObject {
  readonly id: string;
  readonly flow_id: string;
}

interface Schedule extends JsonObject {
  readonly id: string;
  readonly active: boolean;
}

const nobody = "e5a8a7a8-5c7b-4e36-9c6a-16f1a0e3a001";

for (const server of servers) {
  describePrefectCli(server, (context) => {
    describe("deployment", () => deployments(context));
    describe("deployment schedule", () => schedules(context));
    waitingRuns(context);
  });
}

/** Creates a pool, a flow and a deployment of that name. */
async function createDeployment({ request }: CliContext, name: string): Promise<Deployment> {
  await request("POST", "/work_pools/", { name, type: "process", concurrency_limit: 3 });
  const flow = await request<{ id: string }>("POST", "/flows/", { name });
  const deployment = await request<Deployment>("POST", "/deployments/", {
    name: "nightly",
    flow_id: flow?.id ?? "",
    work_pool_name: name,
    // Prefect's old routes for queues look for their runs by this name alone.
    work_queue_name: `${name}-queue`,
    entrypoint: "flows.py:fine",
    parameters: { name: "world" },
    parameter_openapi_schema: { type: "object", properties: { name: { type: "string" } } },
    enforce_parameter_schema: true,
    tags: ["ours"],
  });
  if (deployment === undefined) throw new Error("the deployment was not created");
  return deployment;
}

async function deleteDeployment({ request }: CliContext, { flow_id }: Deployment, pool: string): Promise<void> {
  await request("DELETE", `/flows/${flow_id}`);
  await request("DELETE", `/work_pools/${pool}`);
}

function deployments(context: () => CliContext): void {
  it("lists, shows and deletes a deployment", async () => {
    const { cli, request } = context();
    const { id, flow_id, ...deployment } = await createDeployment(context(), "cli-shown");
    const row = ["cli-shown/nightly", id, "cli-shown"];
    expect(rows(await cli.ok("deployment", "ls"))).toContainEqual(row);
    expect(rows(await cli.ok("deployment", "ls", "cli-shown", "--by-created"))).toEqual([row]);
    expect(rows(await cli.ok("deployment", "ls", "cli-nobody"))).toEqual([]);
    expect(rows(await cli.ok("flow", "ls")).map(([flow, name]) => [flow, name])).toContainEqual([flow_id, "cli-shown"]);
    const shown = await cli.json<JsonObject>("deployment", "inspect", "cli-shown/nightly");
    expect(shown).toMatchObject({
      id,
      tags: deployment.tags,
      parameters: deployment.parameters,
      schedules: [],
      automations: [],
    });
    expect(shown).toMatchObject({
      status: "NOT_READY",
      work_pool_name: "cli-shown",
      work_queue_name: "cli-shown-queue",
    });
    expect(await cli.ok("deployment", "inspect", "cli-shown/nightly")).toMatch(/'name': 'nightly'.*'flow_id': '/s);

    expect(await cli.ok("deployment", "delete", "cli-shown/nightly")).toContain("Deleted deployment");
    expect(await request("GET", `/deployments/${id}`)).toBeUndefined();
    for (const verb of ["inspect", "delete", "run"])
      expect(await cli.expectError("deployment", verb, "cli-shown/nightly")).toBe(
        "Deployment 'cli-shown/nightly' not found!\n",
      );
    expect(await cli.expectError("deployment", "delete", "--id", id)).toContain(`Deployment UUID('${id}') not found!`);
    expect(await cli.expectError("deployment", "inspect", "nightly")).toContain("Invalid deployment name.");
    await deleteDeployment(context(), { id, flow_id }, "cli-shown");
  });

  it("runs a deployment with parameters, tags, job variables and a start time", async () => {
    const { cli, request } = context();
    const deployment = await createDeployment(context(), "cli-run");
    const before = Date.now();
    const printed = await cli.ok(
      ...["deployment", "run", "cli-run/nightly", "--param", "name=moon", "--tag", "late", "--start-in", "2 hours"],
      ...["--job-variable", 'env={"A": "1"}', "--flow-run-name", "one for {name}"],
    );
    expect(printed).toContain("Creating flow run for deployment 'cli-run/nightly'...");
    expect(printed).toMatch(/Created flow run 'one for moon'.*Parameters: \{'name': 'moon'\}/s);
    const id = printed.match(/UUID: (\S+)/)?.[1];
    const run = await request<JsonObject>("GET", `/flow_runs/${id}`);
    expect(run).toMatchObject({
      name: "one for moon",
      deployment_id: deployment.id,
      parameters: { name: "moon" },
      job_variables: { env: { A: "1" } },
      state_type: "SCHEDULED",
      work_pool_name: "cli-run",
      work_queue_name: "cli-run-queue",
    });
    expect(run?.tags).toEqual(expect.arrayContaining(["late", "ours"]));
    const due = Date.parse(String(run?.expected_start_time)) - before;
    expect(due).toBeGreaterThanOrEqual(7_199_000);
    expect(due).toBeLessThan(7_500_000);

    const byId = await cli.ok("deployment", "run", "--id", deployment.id);
    expect(byId).toMatch(/Parameters: \{'name': 'world'\}.*\(now\)/s);
    expect(await cli.expectError("deployment", "run", "cli-run/nightly", "--param", "other=1")).toContain(
      "specified but not found on the deployment: 'other'",
    );
    expect(await cli.expectError("deployment", "run", "cli-run/nightly", "--param", "name=17")).toContain(
      "Error creating flow run: Validation failed for field 'name'.",
    );
    const count = await request("POST", "/flow_runs/count", { deployments: { id: { any_: [deployment.id] } } });
    expect(count).toBe(2);
    await deleteDeployment(context(), deployment, "cli-run");
  });
}

function schedules(context: () => CliContext): void {
  const schedulesOf = async (id: string) => {
    const { schedules } = (await context().request<{ schedules: Schedule[] }>("GET", `/deployments/${id}`)) ?? {
      schedules: [],
    };
    return schedules;
  };

  it("makes, lists, pauses, resumes, deletes and replaces schedules", async () => {
    const { cli, request } = context();
    const deployment = await createDeployment(context(), "cli-timed");
    const name = "cli-timed/nightly";
    const create = ["deployment", "schedule", "create", name];
    expect(await cli.ok(...create, "--interval", "3600", "--anchor-date", "2026-01-01T00:00:00Z")).toBe(
      "Created deployment schedule!\n",
    );
    await cli.ok(...create, "--cron", "0 3 * * *", "--timezone", "Europe/Berlin");
    await cli.ok(...create, "--rrule", "FREQ=DAILY;BYHOUR=6");
    const schedules = (await schedulesOf(deployment.id)).map(({ schedule }) => schedule as JsonObject);
    expect(schedules).toHaveLength(3);
    const ours = { interval: 3600, timezone: "UTC" };
    expect(schedules).toContainEqual(expect.objectContaining(ours));
    expect(schedules).toContainEqual({ cron: "0 3 * * *", timezone: "Europe/Berlin", day_or: true });
    expect(schedules).toContainEqual(
      expect.objectContaining({ rrule: expect.stringContaining("FREQ=DAILY;BYHOUR=6") }),
    );

    const listed = rows(await cli.ok("deployment", "schedule", "ls", name));
    expect(listed.map(([, schedule, active]) => `${schedule} ${active}`)).toEqual(
      expect.arrayContaining(["cron: 0 3 * * * True", "interval: 1:00:00s True"]),
    );
    const id = listed.find(([, schedule]) => schedule?.startsWith("cron"))?.[0] ?? "";
    const active = async () => (await schedulesOf(deployment.id)).find((schedule) => schedule.id === id)?.active;
    expect(await cli.ok("deployment", "schedule", "pause", name, id)).toMatch(/Paused schedule .*0 3 \* \* \*/);
    expect(await active()).toBe(false);
    expect(await cli.expectError("deployment", "schedule", "pause", name, id)).toContain(`${id} is already inactive`);
    expect(await cli.ok("deployment", "schedule", "resume", name, id)).toMatch(/Resumed schedule/);
    expect(await active()).toBe(true);
    expect(await cli.expectError("deployment", "schedule", "pause", name, nobody)).toContain("schedule not found!");

    expect(await cli.ok("deployment", "schedule", "delete", name, id, "-y")).toContain(`schedule ${id}`);
    expect(await cli.expectError("deployment", "schedule", "delete", name, id, "-y")).toContain("schedule not found!");
    expect(await schedulesOf(deployment.id)).toHaveLength(2);
    expect(await cli.ok(...create, "--interval", "60", "--replace", "-y")).toContain("Replaced existing deployment");
    expect(await cli.json("deployment", "schedule", "ls", name)).toMatchObject([
      { deployment_id: deployment.id, schedule: "interval: 0:01:00s", active: true },
    ]);
    expect(await cli.ok("deployment", "schedule", "clear", name, "-y")).toContain("Cleared all schedules");
    expect(await schedulesOf(deployment.id)).toEqual([]);
    await request("DELETE", `/deployments/${deployment.id}`);
    expect(await cli.expectError(...create, "--interval", "60")).toBe(`Deployment '${name}' not found!\n`);
    expect(await cli.expectError("deployment", "schedule", "ls", name)).toBe(`Deployment '${name}' not found!\n`);
    await deleteDeployment(context(), deployment, "cli-timed");
  });

  it("pauses and resumes those of all deployments", async () => {
    const { cli, request } = context();
    const created = await Promise.all([
      createDeployment(context(), "cli-all-a"),
      createDeployment(context(), "cli-all-b"),
    ]);
    for (const { id } of created)
      await request("POST", `/deployments/${id}/schedules`, [{ schedule: { cron: "0 3 1 1 *" }, active: true }]);
    const active = async () =>
      (await Promise.all(created.map(({ id }) => schedulesOf(id)))).flat().map((one) => one.active);
    expect(await cli.ok("deployment", "schedule", "pause", "--all")).toMatch(/Paused \d+ deployment schedule\(s\)\./);
    expect(await active()).toEqual([false, false]);
    expect(await cli.ok("deployment", "schedule", "pause", "--all")).toContain("No active schedules found to pause.");
    expect(await cli.ok("deployment", "schedule", "resume", "--all")).toMatch(/Resumed \d+ deployment schedule/);
    expect(await active()).toEqual([true, true]);
    await deleteDeployment(context(), created[0], "cli-all-a");
    await deleteDeployment(context(), created[1], "cli-all-b");
  });
}

function waitingRuns(context: () => CliContext): void {
  it("work-pool and work-queue show what is waiting and what holds slots", async () => {
    const { cli, request } = context();
    const deployment = await createDeployment(context(), "cli-waiting");
    const runs = new Map<string, string>();
    for (const [name, hours] of [
      ["overdue", -1],
      ["soon", 0.5],
      ["tomorrow", 24],
    ] as const) {
      const scheduled_time = new Date(Date.now() + hours * 3_600_000).toISOString();
      const state = { type: "SCHEDULED", state_details: { scheduled_time } };
      const run = await request<{ id: string }>("POST", `/deployments/${deployment.id}/create_flow_run`, {
        name,
        state,
      });
      runs.set(name, run?.id ?? "");
    }
    const waiting = (table: string) => rows(table).map(([time, id, name]) => [time?.endsWith("(**)"), id, name]);
    const all = [...runs].map(([name, id]) => [name === "overdue", id, name]);
    const inPool = ["--pool", "cli-waiting"];
    // Without a time limit, newest first.
    expect(waiting(await cli.ok("work-pool", "preview", "cli-waiting"))).toEqual(all.toReversed());
    expect(waiting(await cli.ok("work-queue", "preview", "cli-waiting-queue", ...inPool))).toEqual(all.toReversed());
    const queue = await request<{ id: string }>("GET", "/work_pools/cli-waiting/queues/cli-waiting-queue");
    // By id, within the next hour by default, or within `--hours`.
    const hour = waiting(await cli.ok("work-queue", "preview", queue?.id ?? ""));
    expect(hour.map(([, , name]) => name)).toEqual(["soon", "overdue"]);
    expect(waiting(await cli.ok("work-queue", "preview", queue?.id ?? "", "--hours", "30"))).toHaveLength(3);
    expect(await cli.ok("work-queue", "read-runs", "cli-waiting-queue", ...inPool)).toContain(
      "Read 1 runs for work queue 'cli-waiting-queue' in work pool cli-waiting",
    );

    await request("POST", `/flow_runs/${runs.get("soon")}/set_state`, { state: { type: "PENDING" }, force: true });
    const slots = await cli.ok("work-pool", "slots", "cli-waiting");
    expect(slots).toMatch(/ 1 \/ 3\n/);
    expect(slots).toMatch(/\ncli-waiting-queue +soon +Pending +\d/);
    const ofQueue = await cli.ok("work-queue", "slots", "cli-waiting-queue", ...inPool);
    expect(ofQueue).toContain("1 active (Unlimited)");
    expect(ofQueue).toMatch(/\nsoon +Pending +\d/);
    expect(waiting(await cli.ok("work-pool", "preview", "cli-waiting"))).toHaveLength(2);
    await deleteDeployment(context(), deployment, "cli-waiting");
  });
}
