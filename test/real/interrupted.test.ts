import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { machine } from "./harness/machine.ts";
import { on } from "./harness/on-every-server.ts";
import { servers } from "./harness/world.ts";

/** Ctrl-C at the worst moment: the server has made the object, and its answer is still on the way. */

for (const server of servers) {
  on(server, (site) => {
    it("an interrupted create leaves no orphan: the object is in the state, and the next up goes on with it", async () => {
      const stack = await site.bench.stack("yaml", { "prefect:apiUrl": site.world.url });
      stack.declarations = [
        { kind: "WorkPool", name: "pool", props: { name: "interrupted", type: "process", concurrencyLimit: 5 } },
      ];
      await stack.preview();

      const never = Promise.withResolvers<void>();
      const isCreate = ({ method, path }: { method: string; path: string }) =>
        method === "POST" && path.endsWith("/work_pools/");
      site.world.proxy.intervene = (request) => (isCreate(request) ? { holdAnswer: never.promise } : undefined);
      const created = site.world.proxy.next(isCreate);
      const args = ["up", "--yes", "--skip-preview", "--stack", "test", "--color", "never"];
      const cli = spawn(join(machine.pulumi, "pulumi"), args, {
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
      site.world.proxy.intervene = () => undefined;

      expect(code).not.toBe(0);
      const live = await site.world.ask("GET", "/work_pools/interrupted");
      const { pool } = await stack.resources();
      expect(pool?.outputs.workPoolId).toBe((live as { id: string }).id);

      await stack.up();
      expect((await stack.resources()).pool?.initErrors ?? []).toEqual([]);
      await stack.expectNoChanges({ refresh: true });
      await stack.destroy();
      expect(await site.world.ask("GET", "/work_pools/interrupted")).toBeUndefined();
    });

    it("an answer that is lost on the way costs nothing: the object is found and kept", async () => {
      const stack = await site.bench.stack("yaml", { "prefect:apiUrl": site.world.url });
      stack.declarations = [{ kind: "WorkPool", name: "pool", props: { name: "lost-answer", type: "process" } }];
      let lost = 0;
      site.world.proxy.intervene = ({ method, path }) =>
        method === "POST" && path.endsWith("/work_pools/") && lost++ === 0 ? "lose the answer" : undefined;
      await stack.up();
      site.world.proxy.intervene = () => undefined;
      expect(lost).toBe(1);
      const live = await site.world.ask("GET", "/work_pools/lost-answer");
      expect((await stack.resources()).pool?.outputs.workPoolId).toBe((live as { id: string }).id);
      await stack.expectNoChanges({ refresh: true });
      await stack.destroy();
    });
  });
}
