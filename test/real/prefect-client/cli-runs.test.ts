import { expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { type CliContext, describePrefectCli } from "../harness/describe-prefect-cli.ts";
import { rows } from "../harness/prefect-cli.ts";
import { servers } from "../harness/servers.ts";

/** Flow runs, task runs and their logs, artifacts and blocks with Prefect's CLI. */

const nobody = "e5a8a7a8-5c7b-4e36-9c6a-16f1a0e3a001";

for (const server of servers) {
  describePrefectCli(server, (context) => {
    flowRuns(context);
    taskRuns(context);
    artifacts(context);
    blocks(context);
  });
}

/** Creates an object and returns its id. */
async function create({ request }: CliContext, path: string, body: JsonObject): Promise<string> {
  const object = await request<{ id: string }>("POST", path, body);
  if (object === undefined) throw new Error(`POST ${path} returned 404`);
  return object.id;
}

function flowRuns(context: () => CliContext): void {
  it("flow-run lists, shows, cancels, retries and deletes runs", async () => {
    const { cli, request } = context();
    const flow = await create(context(), "/flows/", { name: "cli-runs" });
    const deployment = await create(context(), "/deployments/", { name: "nightly", flow_id: flow });
    const of = { flow_id: flow, deployment_id: deployment };
    const running = await create(context(), "/flow_runs/", { ...of, name: "cli-running", state: { type: "RUNNING" } });
    const waiting = await create(context(), "/flow_runs/", {
      ...of,
      name: "cli-waiting",
      state: { type: "SCHEDULED" },
    });
    const stateOf = async (run: string) => (await request<JsonObject>("GET", `/flow_runs/${run}`))?.state;
    const listed = async (...options: string[]) =>
      rows(await cli.ok("flow-run", "ls", "--flow-name", "cli-runs", ...options)).map((row) => row.slice(0, 4));
    expect(await listed()).toEqual([
      [waiting, "cli-runs", "cli-waiting", "SCHEDULED"],
      [running, "cli-runs", "cli-running", "RUNNING"],
    ]);
    expect(await listed("--state-type", "RUNNING")).toEqual([[running, "cli-runs", "cli-running", "RUNNING"]]);
    expect(await cli.ok("flow-run", "ls", "--flow-name", "cli-runs", "--state", "Crashed")).toBe(
      "No flow runs found.\n",
    );
    expect(await cli.json("flow-run", "inspect", running)).toMatchObject({
      ...{ id: running, name: "cli-running", flow_id: flow, deployment_id: deployment },
      ...{ state_type: "RUNNING", run_count: 1, auto_scheduled: false },
    });

    expect(await cli.ok("flow-run", "cancel", running)).toContain("was successfully scheduled for cancellation.");
    expect(await stateOf(running)).toMatchObject({ type: "CANCELLING", name: "Cancelling" });
    // A run that has not begun needs no worker to stop it.
    await cli.ok("flow-run", "cancel", waiting);
    expect(await stateOf(waiting)).toMatchObject({ type: "CANCELLED", name: "Cancelled" });
    expect(await cli.expectError("flow-run", "cancel", waiting)).toMatch(
      /unable to be cancelled\. Reason:\s+'Run is already in terminal state CANCELLED\.'/,
    );

    expect(await cli.expectError("flow-run", "retry", running)).toContain(
      "is in state 'CANCELLING' and cannot be retried.",
    );
    await request("POST", `/flow_runs/${running}/set_state`, { state: { type: "FAILED" }, force: true });
    expect(await cli.ok("flow-run", "retry", "cli-running")).toContain(`'${running}' has been scheduled for retry.`);
    expect(await stateOf(running)).toMatchObject({ type: "SCHEDULED", message: "Retried via CLI" });
    expect(await request("GET", `/flow_runs/${running}`)).toMatchObject({ run_count: 1 });
    const local = await create(context(), "/flow_runs/", { flow_id: flow, state: { type: "FAILED" } });
    expect(await cli.expectError("flow-run", "retry", local)).toContain("does not have an associated deployment.");

    expect(await cli.ok("flow-run", "delete", waiting)).toContain(`Successfully deleted flow run '${waiting}'.`);
    expect(await request("GET", `/flow_runs/${waiting}`)).toBeUndefined();
    for (const verb of ["delete", "cancel", "logs", "retry"])
      expect(await cli.expectError("flow-run", verb, waiting)).toContain(`Flow run '${waiting}' not found!`);
    expect(await cli.expectError("flow-run", "inspect", waiting)).toContain("404 Not Found");
    expect(await cli.expectError("flow-run", "retry", "cli-nobody")).toContain("Flow run 'cli-nobody' not found!");
    await request("DELETE", `/flows/${flow}`);
  });

  it("flow-run logs shows more than a page of logs, in order, and their head and tail", async () => {
    const { cli, request } = context();
    const flow = await create(context(), "/flows/", { name: "cli-logs" });
    const run = await create(context(), "/flow_runs/", {
      flow_id: flow,
      name: "cli-talks",
      state: { type: "RUNNING" },
    });
    const start = Date.now() - 600_000;
    const logs = Array.from({ length: 230 }, (_, index) => ({
      ...{ name: "prefect.flow_runs", level: index === 229 ? 40 : 20, message: `line ${index}`, flow_run_id: run },
      timestamp: new Date(start + index * 1000).toISOString(),
    }));
    await request("POST", "/logs/", logs);
    const lines = (printed: string) => printed.trimEnd().split("\n");
    const printed = lines(await cli.ok("flow-run", "logs", run));
    expect(printed.map((line) => line.split(" - ")[1])).toEqual(logs.map(({ message }) => message));
    expect(printed[0]).toMatch(/ \| INFO {4}\| Flow run 'cli-talks' - line 0$/);
    expect(printed[229]).toMatch(/ \| ERROR {3}\| Flow run 'cli-talks' - line 229$/);
    const texts = async (...options: string[]) =>
      lines(await cli.ok("flow-run", "logs", run, ...options)).map((line) => Number(line.match(/line (\d+)$/)?.[1]));
    expect(await texts("--head", "--num-logs", "2")).toEqual([0, 1]);
    expect(await texts("--tail", "--num-logs", "3")).toEqual([227, 228, 229]);
    expect(await texts("--reverse", "--num-logs", "2")).toEqual([229, 228]);
    // More than the page limit: the client recognizes it by the text of the refusal.
    expect(await texts("--head", "--num-logs", "225")).toHaveLength(225);
    await request("DELETE", `/flows/${flow}`);
  });
}

function taskRuns(context: () => CliContext): void {
  it("task-run lists and shows task runs and their logs", async () => {
    const { cli, request } = context();
    const flow = await create(context(), "/flows/", { name: "cli-tasks" });
    const run = await create(context(), "/flow_runs/", { flow_id: flow, state: { type: "RUNNING" } });
    const task = await create(context(), "/task_runs/", {
      ...{ name: "cli-task", flow_run_id: run, task_key: "load", dynamic_key: "0", state: { type: "COMPLETED" } },
    });
    const row = [task, "cli-task", "cli-task", "COMPLETED"];
    const listed = async (...options: string[]) =>
      rows(await cli.ok("task-run", "ls", "--task-run-name", "cli-task", ...options)).map((cells) => cells.slice(0, 4));
    expect(await listed()).toEqual([row]);
    expect(await listed("--state", "Completed")).toEqual([row]);
    expect(await cli.ok("task-run", "ls", "--task-run-name", "cli-task", "--state-type", "FAILED")).toBe(
      "No task runs found.\n",
    );
    expect(await cli.json("task-run", "inspect", task)).toMatchObject({ id: task, task_key: "load", flow_run_id: run });
    const timestamp = new Date().toISOString();
    const log = {
      name: "prefect.task_runs",
      level: 30,
      message: "hot",
      flow_run_id: run,
      task_run_id: task,
      timestamp,
    };
    await request("POST", "/logs/", [log]);
    expect(await cli.ok("task-run", "logs", task)).toMatch(/ \| WARNING \| Task run 'cli-task' - hot\n$/);
    expect(await cli.expectError("task-run", "inspect", nobody)).toBe(`Task run '${nobody}' not found!\n`);
    await request("DELETE", `/flows/${flow}`);
  });
}

function artifacts(context: () => CliContext): void {
  it("artifact lists, shows and deletes artifacts", async () => {
    const { cli, request } = context();
    const versions = [];
    for (const data of ["# one", "# two"])
      versions.push(await create(context(), "/artifacts/", { key: "cli-report", type: "markdown", data }));
    const ids = async (...options: string[]) =>
      rows(await cli.ok("artifact", "ls", ...options)).filter(([, key]) => key === "cli-report");
    expect((await ids()).map(([id, , type]) => [id, type])).toEqual([[versions[1], "markdown"]]);
    expect((await ids("--all")).map(([id]) => id)).toEqual(expect.arrayContaining(versions));
    const shown = await cli.json<JsonObject[]>("artifact", "inspect", "cli-report");
    expect(shown.map(({ data }) => data).sort()).toEqual(["# one", "# two"]);

    expect(await cli.ok("artifact", "delete", "--id", versions[0] ?? "")).toContain("Deleted artifact with id");
    expect(await request("GET", "/artifacts/cli-report/latest")).toMatchObject({ data: "# two" });
    expect(await cli.ok("artifact", "delete", "cli-report")).toBe("Deleted 1 artifact(s) with key 'cli-report'.\n");
    expect(await request("GET", "/artifacts/cli-report/latest")).toBeUndefined();
    expect(await cli.expectError("artifact", "inspect", "cli-report")).toContain("Artifact 'cli-report' not found.");
    expect(await cli.expectError("artifact", "delete", "cli-report")).toContain("'cli-report' not found.");
  });
}

function blocks(context: () => CliContext): void {
  it("block registers a type from a file, and shows and deletes its blocks and itself", async () => {
    const { cli, user, request } = context();
    const program = [
      "from prefect.blocks.core import Block",
      "class CliThing(Block):",
      '    """A thing of ours. And more of it."""',
      "    colour: str",
      "    size: int = 1",
    ];
    await user.write("things.py", program.join("\n"));
    expect(await cli.ok("block", "register", "--file", "things.py")).toMatch(/registered 1 block\n.*CliThing/s);
    const type = await request<JsonObject>("GET", "/block_types/slug/clithing");
    expect(type).toMatchObject({ name: "CliThing", is_protected: false });
    expect(rows(await cli.ok("block", "type", "ls")).map(([slug]) => slug)).toContain("clithing");
    const shown = await cli.ok("block", "type", "inspect", "clithing");
    for (const word of ["A thing of ours", "colour", "size"]) expect(shown).toContain(word);

    const schemas = await request<{ id: string }[]>("POST", "/block_schemas/filter", {
      block_schemas: { block_type_id: { any_: [type?.id ?? ""] } },
    });
    const block = await create(context(), "/block_documents/", {
      ...{ name: "red", block_type_id: type?.id ?? "", block_schema_id: schemas?.[0]?.id ?? "" },
      data: { colour: "red" },
    });
    expect(rows(await cli.ok("block", "ls"))).toContainEqual([block, "CliThing", "red", "clithing/red"]);
    expect(await cli.json("block", "inspect", "clithing/red")).toMatchObject({ id: block, data: { colour: "red" } });
    expect(await cli.ok("block", "delete", "clithing/red")).toBe("Deleted Block 'clithing/red'.\n");
    expect(await request("GET", `/block_documents/${block}`)).toBeUndefined();
    for (const verb of ["inspect", "delete"])
      expect(await cli.expectError("block", verb, "clithing/red")).toBe("Block 'clithing/red' not found!\n");

    expect(await cli.ok("block", "type", "delete", "clithing")).toBe("Deleted Block Type 'clithing'.\n");
    expect(await request("GET", "/block_types/slug/clithing")).toBeUndefined();
    expect(await cli.expectError("block", "type", "inspect", "clithing")).toBe("Block type 'clithing' not found!\n");
    expect(await cli.expectError("block", "type", "delete", "clithing")).toBe("Block Type 'clithing' not found!\n");
  });
}
