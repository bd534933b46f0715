import { expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { type CliContext, describePrefectCli } from "../harness/describe-prefect-cli.ts";
import { rows } from "../harness/prefect-cli.ts";
import { servers } from "../harness/servers.ts";

/** Concurrency limits of both kinds, and variables, with Prefect's CLI. */

for (const server of servers) {
  describePrefectCli(server, (context) => {
    tagLimits(context);
    globalLimits(context);
    variables(context);
  });
}

function tagLimits(context: () => CliContext): void {
  it("concurrency-limit creates, changes, shows, resets and deletes the limit of a tag", async () => {
    const { cli, request } = context();
    const printed = await cli.ok("concurrency-limit", "create", "cli-database", "3");
    expect(printed).toMatch(/tag - 'cli-database'.*concurrency_limit - 3/s);
    const byTag = "/concurrency_limits/tag/cli-database";
    const limit = await request<JsonObject>("GET", byTag);
    expect(limit).toMatchObject({ concurrency_limit: 3, active_slots: [] });
    await cli.ok("concurrency-limit", "create", "cli-database", "5");
    expect(await request("GET", byTag)).toMatchObject({ id: limit?.id, concurrency_limit: 5 });

    const holder = "e5a8a7a8-5c7b-4e36-9c6a-16f1a0e3a001";
    await request("POST", "/concurrency_limits/increment", { names: ["cli-database"], task_run_id: holder });
    const shown = await cli.ok("concurrency-limit", "inspect", "cli-database");
    expect(shown).toContain(`Concurrency Limit ID: ${limit?.id}`);
    expect(shown).toContain(holder);
    const listed = rows(await cli.ok("concurrency-limit", "ls", "--limit", "200"));
    expect(listed).toContainEqual(["cli-database", limit?.id, "5", "1"]);
    expect(await cli.ok("concurrency-limit", "reset", "cli-database")).toContain("set on the tag: cli-database");
    expect(await cli.json("concurrency-limit", "inspect", "cli-database")).toMatchObject({
      id: limit?.id,
      tag: "cli-database",
      concurrency_limit: 5,
      active_slots: [],
    });

    expect(await cli.ok("concurrency-limit", "delete", "cli-database")).toContain("Deleted concurrency limit");
    expect(await request("GET", byTag)).toBeUndefined();
    for (const verb of ["inspect", "reset", "delete"])
      expect(await cli.expectError("concurrency-limit", verb, "cli-database")).toBe(
        "No concurrency limit found for the tag: cli-database\n",
      );
  });
}

function globalLimits(context: () => CliContext): void {
  it("global-concurrency-limit creates, shows and changes a limit", async () => {
    const { cli, request } = context();
    const limit = () => request<JsonObject>("GET", "/v2/concurrency_limits/cli-api");
    const printed = await cli.ok("gcl", "create", "cli-api", "--limit", "5", "--slot-decay-per-second", "0.5");
    const { id } = (await limit()) ?? {};
    expect(printed).toContain(`Created global concurrency limit with name 'cli-api' and ID '${id}'.`);
    expect(await cli.expectError("global-concurrency-limit", "create", "cli-api", "--limit", "5")).toContain(
      "Global concurrency limit 'cli-api' already exists.",
    );
    const shown = { id, name: "cli-api", active: true, limit: 5, active_slots: 0, slot_decay_per_second: 0.5 };
    expect(await limit()).toMatchObject(shown);
    expect(await cli.json("gcl", "inspect", "cli-api")).toMatchObject(shown);
    expect(await cli.ok("gcl", "inspect", "cli-api")).toMatch(/name='cli-api',.*limit=5/s);

    expect(await cli.ok("gcl", "update", "cli-api", "--limit", "9", "--slot-decay-per-second", "0")).toContain(
      "Updated global concurrency limit with name 'cli-api'.",
    );
    await cli.ok("gcl", "update", "cli-api", "--active-slots", "2");
    expect(await cli.ok("gcl", "disable", "cli-api")).toContain("Disabled");
    expect(await cli.expectError("gcl", "disable", "cli-api")).toContain("is already disabled.");
    expect(await limit()).toMatchObject({ limit: 9, active: false, active_slots: 2, slot_decay_per_second: 0 });
    const row = rows(await cli.ok("gcl", "ls")).find(([, name]) => name === "cli-api");
    expect(row?.slice(0, 6)).toEqual([id, "cli-api", "False", "9", "2", "0.0"]);
    expect(await cli.ok("gcl", "enable", "cli-api")).toContain("Enabled");
    expect(await cli.expectError("gcl", "enable", "cli-api")).toContain("is already enabled.");
    expect(await limit()).toMatchObject({ limit: 9, active: true });

    expect(await cli.ok("gcl", "delete", "cli-api")).toContain("Deleted global concurrency limit");
    expect(await limit()).toBeUndefined();
  });

  it("global-concurrency-limit reports a limit that does not exist, and refuses a negative one", async () => {
    const { cli, request } = context();
    for (const [verb = "", ...options] of [["inspect"], ["update", "--limit", "1"], ["enable"], ["delete"]])
      expect(await cli.expectError("gcl", verb, "cli-nobody", ...options)).toBe(
        "Global concurrency limit 'cli-nobody' not found.\n",
      );
    expect(await cli.expectError("gcl", "create", "cli-negative", "--limit", "-1")).toContain(
      "Input should be greater than or equal to 0",
    );
    expect(await request("GET", "/v2/concurrency_limits/cli-negative")).toBeUndefined();
    await cli.ok("gcl", "create", "cli-off", "--limit", "0", "--disable");
    expect(await request("GET", "/v2/concurrency_limits/cli-off")).toMatchObject({ limit: 0, active: false });
    await cli.ok("gcl", "delete", "cli-off");
  });
}

function variables(context: () => CliContext): void {
  it("variable sets, overwrites only with --overwrite, shows and unsets", async () => {
    const { cli, request } = context();
    const variable = () => request<JsonObject>("GET", "/variables/name/cli_greeting");
    expect(await cli.ok("variable", "set", "cli_greeting", "hello")).toContain("Set variable 'cli_greeting'.");
    expect(await variable()).toMatchObject({ value: "hello", tags: [] });
    expect(await cli.expectError("variable", "set", "cli_greeting", "bye")).toContain(
      "Variable 'cli_greeting' already exists. Use `--overwrite` to update it.",
    );
    const { id } = (await variable()) ?? {};
    const value = { a: [1, null], b: { c: "ü" } };
    const tags = ["--tag", "x", "--tag", "y"];
    await cli.ok("variable", "set", "cli_greeting", JSON.stringify(value), "--overwrite", ...tags);
    expect(await variable()).toMatchObject({ id, value, tags: ["x", "y"] });
    expect(JSON.parse(await cli.ok("variable", "get", "cli_greeting"))).toEqual(value);
    expect(await cli.json("variable", "inspect", "cli_greeting")).toMatchObject({
      name: "cli_greeting",
      value,
      tags: ["x", "y"],
    });
    await cli.ok("variable", "set", "cli_answer", "42");
    const listed = rows(await cli.ok("variable", "ls", "--limit", "200")).map(([name, shown]) => `${name} ${shown}`);
    expect(listed).toContain("cli_answer 42");
    expect(listed).toContain('cli_greeting {"a": [1, null], "b": {"c": "\\u00fc"}}');

    expect(await cli.ok("variable", "unset", "cli_greeting")).toContain("Unset variable 'cli_greeting'.");
    expect(await variable()).toBeUndefined();
    for (const verb of ["get", "inspect", "unset"])
      expect(await cli.expectError("variable", verb, "cli_greeting")).toBe("Variable 'cli_greeting' not found.\n");
    await cli.ok("variable", "delete", "cli_answer");
    expect(await request("GET", "/variables/name/cli_answer")).toBeUndefined();
  });
}
