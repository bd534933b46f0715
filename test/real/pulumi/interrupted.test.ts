import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeOnServer } from "../harness/describe-servers.ts";
import { servers } from "../harness/servers.ts";
import { setup } from "../harness/setup.ts";

/** Ctrl-C after the server has created the object and before its response has arrived. */

for (const server of servers) {
  describeOnServer(server, (context) => {
    it("an interrupted create leaves no orphaned object: it is in the state, and the next up continues", async () => {
      const stack = await context.pulumi.stack("yaml", { "prefect:apiUrl": context.server.url });
      stack.declarations = [
        { kind: "WorkPool", name: "pool", props: { name: "interrupted", type: "process", concurrencyLimit: 5 } },
      ];
      await stack.preview();

      const never = Promise.withResolvers<void>();
      const isCreate = ({ method, path }: { method: string; path: string }) =>
        method === "POST" && path.endsWith("/work_pools/");
      context.server.proxy.intervene = (request) => (isCreate(request) ? { delayUntil: never.promise } : undefined);
      const created = context.server.proxy.waitFor(isCreate);
      const args = ["up", "--yes", "--skip-preview", "--stack", "test", "--color", "never"];
      const cli = spawn(join(setup.pulumi, "pulumi"), args, {
        cwd: stack.workDir,
        env: stack.env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = once(cli, "exit");
      cli.stdout.resume();
      cli.stderr.resume();
      await created;
      cli.kill("SIGINT");
      const [code] = await ended;
      never.resolve();
      context.server.proxy.intervene = () => undefined;

      expect(code).not.toBe(0);
      const live = await context.server.request("GET", "/work_pools/interrupted");
      const { pool } = await stack.resources();
      expect(pool?.outputs.workPoolId).toBe((live as { id: string }).id);

      await stack.up();
      expect((await stack.resources()).pool?.initErrors ?? []).toEqual([]);
      await stack.expectNoChanges({ refresh: true });
      await stack.destroy();
      expect(await context.server.request("GET", "/work_pools/interrupted")).toBeUndefined();
    });

    it("a lost response to a create is recovered: the object is found and kept", async () => {
      const stack = await context.pulumi.stack("yaml", { "prefect:apiUrl": context.server.url });
      stack.declarations = [{ kind: "WorkPool", name: "pool", props: { name: "lost-answer", type: "process" } }];
      let lost = 0;
      context.server.proxy.intervene = ({ method, path }) =>
        method === "POST" && path.endsWith("/work_pools/") && lost++ === 0 ? "drop the response" : undefined;
      await stack.up();
      context.server.proxy.intervene = () => undefined;
      expect(lost).toBe(1);
      const live = await context.server.request("GET", "/work_pools/lost-answer");
      expect((await stack.resources()).pool?.outputs.workPoolId).toBe((live as { id: string }).id);
      await stack.expectNoChanges({ refresh: true });
      await stack.destroy();
    });
  });
}
