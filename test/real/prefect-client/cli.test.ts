import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../schema/json.ts";
import { type CliContext, describePrefectCli } from "../harness/describe-prefect-cli.ts";
import { rows } from "../harness/prefect-cli.ts";
import { PrefectUser, waitUntil } from "../harness/prefect-user.ts";
import { referenceServer, servers } from "../harness/servers.ts";
import { setup } from "../harness/setup.ts";

/** Prefect's CLI with a process for each command; servers with a password and CSRF protection; and everything but pools, limits,
 *  deployments and runs, which have tests of their own. */

for (const server of servers) {
  describePrefectCli(server, (context) => {
    it("shows the server of its settings", async () => {
      const { user } = context();
      const [version, status] = await Promise.all([user.prefect("version"), user.prefect("server", "status")]);
      expect(version).toMatch(/API version: +0\.8\.4\n.*Server type: +server\n/s);
      expect(status).toContain("Server is available.");
      expect(status).toContain(`API URL: ${user.env.PREFECT_API_URL}`);
      expect(status).toContain(`Server version: ${setup.prefect.version}\n`);
    });

    it("keeps a default pool in the user's profile", async () => {
      const { user, request } = context();
      const printed = await user.prefect("work-pool", "create", "cli-default", "-t", "docker", "--set-as-default");
      expect(printed).toContain("Created work pool 'cli-default'!");
      expect(printed).toContain("Set 'cli-default' as default work pool for profile");
      const settings = await user.prefect("config", "view");
      expect(settings).toContain("PREFECT_DEPLOYMENTS_DEFAULT_WORK_POOL_NAME='cli-default' (from profile)");
      expect(settings).toContain(`PREFECT_API_URL='${user.env.PREFECT_API_URL}' (from env)`);
      expect(await request("GET", "/work_pools/cli-default")).toMatchObject({ type: "docker" });
      await user.prefect("work-pool", "delete", "cli-default");
      expect(await request("GET", "/work_pools/cli-default")).toBeUndefined();
    });

    it("sends requests and events", async () => {
      const { cli, request } = context();
      const pool = '{"name": "cli-asked", "type": "process"}';
      expect(JSON.parse(await cli.ok("api", "POST", "/work_pools/", "--data", pool))).toMatchObject({
        name: "cli-asked",
        status: "NOT_READY",
      });
      await cli.ok("api", "DELETE", "/work_pools/cli-asked");
      expect(await cli.run("api", "GET", "/work_pools/cli-asked")).toMatchObject({
        code: 4,
        stderr: expect.stringContaining("Error: 404 Not Found"),
      });

      const payload = ["--payload", '{"from": "cli"}'];
      const printed = await cli.ok("event", "emit", "cli.seen", "--resource-id", "cli-somebody", ...payload);
      const id = printed.match(/Successfully emitted event 'cli\.seen' with ID (\S+)/)?.[1] ?? "";
      const find = () => request<{ events: JsonObject[] }>("POST", "/events/filter", { filter: { id: { id: [id] } } });
      const found = await waitUntil(find, (page) => page?.events.length === 1);
      expect(found?.events[0]).toMatchObject({
        event: "cli.seen",
        resource: { "prefect.resource.id": "cli-somebody" },
        payload: { from: "cli" },
      });
    });

    it("creates, shows, pauses, resumes and deletes automations", async () => {
      const { cli, request } = context();
      const automation = (name: string) => ({
        name,
        trigger: { type: "event", expect: ["prefect.flow-run.Failed"], posture: "Reactive", threshold: 1, within: 0 },
        actions: [{ type: "cancel-flow-run" }],
      });
      const printed = await cli.ok("automation", "create", "--from-json", JSON.stringify(automation("cli-tell")));
      const id = printed.match(/Created automation 'cli-tell' with id (\S+)/)?.[1];
      const current = () => request<JsonObject>("GET", `/automations/${id}`);
      expect(await current()).toMatchObject({ ...automation("cli-tell"), enabled: true });
      const listed = async () => rows(await cli.ok("automation", "ls"))[0];
      const shown = "Reactive: expecting 1 of {'prefect.flow-run.Failed'}";
      expect(await listed()).toEqual(["cli-tell", "True", shown, "Cancel flow run"]);
      expect(await cli.json("automation", "inspect", "cli-tell")).toMatchObject([
        { id, name: "cli-tell", enabled: true },
      ]);
      expect(await cli.ok("automation", "inspect", "--id", String(id))).toContain("CancelFlowRun()");

      expect(await cli.ok("automation", "pause", "cli-tell")).toContain("Paused automation(s) with name 'cli-tell'");
      expect(await current()).toMatchObject({ enabled: false });
      expect((await listed())?.slice(0, 2)).toEqual(["cli-tell", "False"]);
      expect(await cli.ok("automation", "resume", "--id", String(id))).toContain(`Resumed automation with id '${id}'.`);
      expect(await current()).toMatchObject({ enabled: true });
      const changed = JSON.stringify({ ...automation("cli-told"), description: "new" });
      await cli.ok("automation", "update", "--id", String(id), "--from-json", changed);
      expect(await current()).toMatchObject({ name: "cli-told", description: "new" });

      expect(await cli.ok("automation", "delete", "cli-told")).toContain("Deleted automation with name 'cli-told'");
      expect(await current()).toBeUndefined();
      for (const verb of ["inspect", "pause", "resume", "delete"])
        expect(await cli.expectError("automation", verb, "cli-told")).toContain("'cli-told' not found.");
      expect(await cli.expectError("automation", "inspect", "--id", String(id))).toContain(`id '${id}' not found.`);
      expect(await cli.expectError("automation", "create", "--from-json", '{"name": "bad"}')).toContain(
        "Field required",
      );
      expect(await cli.ok("automation", "delete", "--all")).toContain("No automations found.");
    });
  });
}

describe("behind a password and CSRF protection", () => {
  const authString = "ours:pass:word";
  describePrefectCli(referenceServer, (context) => withCredentials(context), { authString, csrf: true });
});

function withCredentials(context: () => CliContext): void {
  it("reads and writes with the password", async () => {
    const { cli, user, request } = context();
    await user.prefect("work-pool", "create", "kept", "--type", "process");
    await cli.ok("work-queue", "create", "urgent", "--pool", "kept", "--limit", "4");
    expect(await request("GET", "/work_pools/kept/queues/urgent")).toMatchObject({ concurrency_limit: 4 });
    await cli.ok("work-pool", "pause", "kept");
    expect(rows(await cli.ok("work-pool", "ls")).map(([name]) => name)).toEqual(["kept (**)"]);
    await cli.ok("variable", "set", "kept", "1");
    await cli.ok("gcl", "create", "kept", "--limit", "1");
    await cli.ok("event", "emit", "kept.seen", "--resource-id", "kept");
    await cli.ok("work-queue", "delete", "urgent", "--pool", "kept");
    await cli.ok("work-pool", "delete", "kept");
    expect(await request("GET", "/work_pools/kept")).toBeUndefined();
    expect(await request("GET", "/variables/name/kept")).toMatchObject({ value: 1 });
  });

  it("refuses a wrong password and none", async () => {
    const { user } = context();
    const url = String(user.env.PREFECT_API_URL);
    await using wrong = await PrefectUser.create(url, { authString: "ours:guess" });
    await using anonymous = await PrefectUser.create(url);
    const outcomes = await Promise.all([
      wrong.cli("work-pool", "ls"),
      wrong.cli("work-pool", "create", "foreign", "--type", "process"),
      anonymous.cli("variable", "ls"),
    ]);
    for (const { code, stderr } of outcomes) {
      expect(code).toBe(1);
      expect(stderr).toContain("401 Unauthorized");
    }
    expect(await context().request("GET", "/work_pools/foreign")).toBeUndefined();
  });
}
