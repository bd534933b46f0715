import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { type CliContext, describePrefectCli } from "../harness/describe-prefect-cli.ts";
import { rows } from "../harness/prefect-cli.ts";
import { servers } from "../harness/servers.ts";

/** Work pools and work queues with Prefect's CLI, which must work alike with both servers. */

interface Queue {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly concurrency_limit: number | null;
}

for (const server of servers) {
  describePrefectCli(server, (context) => {
    describe("work-pool", () => workPools(context));
    describe("work-queue", () => workQueues(context));
  });
}

function workPools(context: () => CliContext): void {
  it("creates a pool with the template of its type, and overwrites it only with --overwrite", async () => {
    const { cli, user, request } = context();
    const printed = await cli.ok("work-pool", "create", "cli-made", "--type", "process");
    expect(printed).toContain("Created work pool 'cli-made'!");
    expect(printed).toContain("prefect worker start --pool cli-made");
    const pool = await request<JsonObject>("GET", "/work_pools/cli-made");
    expect(printed).toContain(`UUID: ${pool?.id}`);
    expect(printed).toContain("Status: Not ready");
    expect(pool).toMatchObject({ type: "process", is_paused: false, concurrency_limit: null });
    const template = await cli.ok("work-pool", "get-default-base-job-template", "--type", "process");
    expect(pool?.base_job_template).toEqual(JSON.parse(template));

    expect(await cli.expectError("work-pool", "create", "cli-made", "--type", "process")).toContain(
      "Work pool named 'cli-made' already exists. Use --overwrite to update it.",
    );
    const ours = { job_configuration: { image: "{{ image }}" }, variables: { properties: { image: {} } } };
    await user.write("template.json", JSON.stringify(ours));
    const again = ["--type", "process", "--base-job-template", "template.json", "--paused", "--overwrite"];
    expect(await cli.ok("work-pool", "create", "cli-made", ...again)).toContain("Updated work pool 'cli-made'!");
    expect(await request("GET", "/work_pools/cli-made")).toMatchObject({
      id: pool?.id,
      base_job_template: ours,
      is_paused: true,
      status: "PAUSED",
    });
    await cli.ok("work-pool", "delete", "cli-made");
  });

  it("refuses a pool of an unknown type, and reserved and invalid names", async () => {
    const { cli, request } = context();
    expect(await cli.expectError("work-pool", "create", "cli-odd", "--type", "no-such")).toMatch(
      /Unknown work pool type 'no-such'\. Please choose from .*docker, ecs, kubernetes, process/,
    );
    expect(await cli.expectError("work-pool", "get-default-base-job-template", "--type", "no-such")).toContain(
      "Unknown work pool type 'no-such'.",
    );
    expect(await cli.expectError("work-pool", "create", "Prefect-ours", "--type", "process")).toContain(
      "Work pools starting with 'Prefect' are reserved for internal use.",
    );
    expect(await cli.expectError("work-pool", "create", "cli/odd", "--type", "process")).toContain(
      "String should match pattern",
    );
    expect(await request("GET", "/work_pools/cli-odd")).toBeUndefined();
  });

  it("shows, changes, pauses and deletes a pool", async () => {
    const { cli, request } = context();
    await cli.ok("work-pool", "create", "cli-etl", "--type", "process");
    const pool = async () => (await request<JsonObject>("GET", "/work_pools/cli-etl")) ?? {};
    const { id } = await pool();
    expect(
      await cli.ok("work-pool", "update", "cli-etl", "--concurrency-limit", "3", "--description", "at night"),
    ).toContain("Updated work pool 'cli-etl'");
    expect(await pool()).toMatchObject({ concurrency_limit: 3, description: "at night" });
    expect(await cli.ok("work-pool", "slots", "cli-etl")).toMatch(/Slots: +0 \/ 3\n/);
    expect(await cli.ok("work-pool", "set-concurrency-limit", "cli-etl", "7")).toContain("'cli-etl' to 7");
    expect(await pool()).toMatchObject({ concurrency_limit: 7, description: "at night" });

    expect(await cli.ok("work-pool", "pause", "cli-etl")).toContain("Paused work pool 'cli-etl'");
    expect(await pool()).toMatchObject({ is_paused: true, status: "PAUSED" });
    expect(rows(await cli.ok("work-pool", "ls"))).toContainEqual(["cli-etl (**)", "process", id, "7"]);
    expect(await cli.ok("work-pool", "resume", "cli-etl")).toContain("Resumed work pool 'cli-etl'");
    expect(await cli.ok("work-pool", "clear-concurrency-limit", "cli-etl")).toContain("Cleared concurrency limit");
    expect(await pool()).toMatchObject({ concurrency_limit: null, is_paused: false, status: "NOT_READY" });
    expect(rows(await cli.ok("work-pool", "ls"))).toContainEqual(["cli-etl", "process", id, "None"]);
    expect(await cli.ok("work-pool", "slots", "cli-etl")).toContain("0 active (Unlimited)");

    expect(await cli.ok("work-pool", "inspect", "cli-etl")).toMatch(/name='cli-etl',.*description='at night'/s);
    // Prefect prints times with a different precision.
    const { created, updated, ...rest } = await pool();
    expect(await cli.json("work-pool", "inspect", "cli-etl")).toMatchObject(rest);
    expect(await cli.ok("work-pool", "preview", "cli-etl")).toContain("No runs found");
    expect(await cli.ok("work-pool", "storage", "inspect", "cli-etl")).toContain("No storage configuration found");
    expect(await cli.ok("work-pool", "delete", "cli-etl")).toContain("Deleted work pool 'cli-etl'");
    expect(await request("GET", "/work_pools/cli-etl")).toBeUndefined();
  });

  it("shows the storage configuration of a pool", async () => {
    const { cli, request } = context();
    const storage_configuration = { bundle_upload_step: { "prefect_aws.upload": { bucket: "ours" } } };
    await request("POST", "/work_pools/", { name: "cli-stored", type: "process", storage_configuration });
    expect(await cli.json("work-pool", "storage", "inspect", "cli-stored")).toEqual({
      type: "S3",
      upload: { bucket: "ours" },
    });
    await cli.ok("work-pool", "delete", "cli-stored");
  });

  it("reports a pool that does not exist, and refuses a negative limit", async () => {
    const { cli, request } = context();
    const nobody = "cli-nobody";
    expect(await cli.expectError("work-pool", "inspect", nobody)).toContain("Work pool 'cli-nobody' not found!");
    expect(await cli.expectError("work-pool", "slots", nobody)).toContain("Work pool 'cli-nobody' not found!");
    expect(await cli.expectError("work-pool", "update", nobody, "--description", "x")).toContain(
      "Work pool named 'cli-nobody' does not exist.",
    );
    expect(await cli.expectError("work-pool", "delete", nobody)).toContain("Work pool 'cli-nobody' does not exist.");
    // The CLI prints the error that it got, which has no message.
    for (const verb of ["pause", "clear-concurrency-limit", "preview"])
      expect(await cli.expectError("work-pool", verb, nobody)).toBe("None\n");

    await request("POST", "/work_pools/", { name: "cli-limited", type: "process", concurrency_limit: 2 });
    expect(await cli.expectError("work-pool", "set-concurrency-limit", "cli-limited", "--", "-1")).toContain(
      "Input should be greater than or equal to 0",
    );
    expect(await request("GET", "/work_pools/cli-limited")).toMatchObject({ concurrency_limit: 2 });
    await cli.ok("work-pool", "delete", "cli-limited");
  });
}

function workQueues(context: () => CliContext): void {
  const queues = async (pool: string) =>
    ((await context().request<Queue[]>("POST", `/work_pools/${pool}/queues/filter`, {})) ?? []).map(
      ({ name, priority, concurrency_limit: limit }) => `${name} ${priority} ${limit}`,
    );

  it("creates queues with a priority and a limit", async () => {
    const { cli, request } = context();
    await request("POST", "/work_pools/", { name: "cli-filled", type: "process" });
    const inPool = ["--pool", "cli-filled"];
    const printed = await cli.ok("work-queue", "create", "urgent", ...inPool, "--priority", "1", "--limit", "4");
    expect(printed).toMatch(/name - 'urgent'.*work pool - 'cli-filled'.*concurrency limit - 4/s);
    await cli.ok("work-queue", "create", "slow", ...inPool, "-q", "9");
    expect(await queues("cli-filled")).toEqual(["urgent 1 4", "default 2 null", "slow 9 null"]);
    expect(rows(await cli.ok("work-queue", "ls", ...inPool))).toEqual([
      ["slow", "9", "None"],
      ["urgent", "1", "4"],
      ["default", "2", "None"],
    ]);

    expect(await cli.expectError("work-queue", "create", "zero", ...inPool, "--priority", "0")).toMatch(
      /422 Unprocessable Entity.*'loc': \['body', 'priority'\], 'msg': 'Input should be greater than 0'/s,
    );
    expect(await cli.expectError("work-queue", "create", "urgent", ...inPool)).toContain(
      "Work queue with name: 'urgent' already exists.",
    );
    expect(await cli.expectError("work-queue", "create", "urgent", "--pool", "cli-nobody")).toContain(
      "Work pool with name: 'cli-nobody' not found.",
    );
    expect(await queues("cli-filled")).toHaveLength(3);
    await cli.ok("work-pool", "delete", "cli-filled");
  });

  it("pauses and limits a queue, by its name or its id", async () => {
    const { cli, request } = context();
    await request("POST", "/work_pools/", { name: "cli-changed", type: "process" });
    await request("POST", "/work_pools/cli-changed/queues", { name: "cli-slow", priority: 9 });
    const inPool = ["--pool", "cli-changed"];
    expect(await cli.ok("work-queue", "pause", "cli-slow", ...inPool)).toContain(
      "Work queue 'cli-slow' in work pool 'cli-changed' paused",
    );
    expect(rows(await cli.ok("work-queue", "ls", ...inPool))[0]).toEqual(["cli-slow (**)", "9", "None"]);
    const paused = await cli.json<Queue>("work-queue", "inspect", "cli-slow", ...inPool);
    expect(paused).toMatchObject({
      is_paused: true,
      status: "PAUSED",
      priority: 9,
      work_pool_name: "cli-changed",
      status_details: { healthy: false, late_runs_count: 0, last_polled: null },
    });
    const row = ["cli-slow (**)", "cli-changed", paused.id, "None"];
    expect(rows(await cli.ok("work-queue", "ls", "--match", "cli-sl"))).toEqual([row]);
    expect(rows(await cli.ok("work-queue", "ls"))).toContainEqual(row);

    expect(await cli.ok("work-queue", "resume", paused.id)).toContain("resumed");
    expect(await cli.ok("work-queue", "set-concurrency-limit", "cli-slow", "3", ...inPool)).toContain(
      "Concurrency limit of 3 set on work queue 'cli-slow' in work pool 'cli-changed'",
    );
    expect(await queues("cli-changed")).toEqual(["default 1 null", "cli-slow 9 3"]);
    expect(await cli.ok("work-queue", "slots", "cli-slow", ...inPool)).toMatch(/Slots: +0 \/ 3\n/);
    expect(await cli.ok("work-queue", "inspect", "cli-slow", ...inPool)).toMatch(
      /name='cli-slow'.*concurrency_limit=3.*NOT_READY.*WorkQueueStatusDetail\(healthy=False/s,
    );
    await cli.ok("work-queue", "clear-concurrency-limit", "cli-slow", ...inPool);
    expect(await queues("cli-changed")).toEqual(["default 1 null", "cli-slow 9 null"]);
    expect(await cli.ok("work-queue", "preview", paused.id)).toContain("No runs found");
    expect(await cli.ok("work-queue", "read-runs", "cli-slow", ...inPool)).toContain("Read 0 runs");
    await cli.ok("work-pool", "delete", "cli-changed");
  });

  it("deletes a queue, but not the default one, and reports a queue that does not exist", async () => {
    const { cli, request } = context();
    await request("POST", "/work_pools/", { name: "cli-emptied", type: "process" });
    await request("POST", "/work_pools/cli-emptied/queues", { name: "urgent", priority: 1 });
    const inPool = ["--pool", "cli-emptied"];
    expect(await cli.ok("work-queue", "delete", "urgent", ...inPool)).toContain(
      "Successfully deleted work queue 'urgent' in work pool 'cli-emptied'",
    );
    expect(await queues("cli-emptied")).toEqual(["default 2 null"]);
    expect(await cli.expectError("work-queue", "delete", "default", ...inPool)).toContain("409 Conflict");
    for (const verb of ["delete", "inspect", "pause"])
      expect(await cli.expectError("work-queue", verb, "urgent", ...inPool)).toContain(
        "No work queue named 'urgent' found in work pool 'cli-emptied'.",
      );
    expect(await cli.expectError("work-queue", "inspect", "cli-nobody")).toContain(
      "No work queue named 'cli-nobody' found.",
    );
    expect(await cli.expectError("work-queue", "ls", "--pool", "cli-nobody")).toContain(
      "No work pool found: 'cli-nobody'",
    );
    await cli.ok("work-pool", "delete", "cli-emptied");
  });
}
