import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pulumiEnvironment } from "../../tools/pulumi-environment.ts";
import { type Ended, runToEnd } from "../../tools/run.ts";
import { machine } from "./harness/machine.ts";
import { NodeHost } from "./harness/node-host.ts";
import { on } from "./harness/on-every-server.ts";
import { referenceServer } from "./harness/world.ts";

/** `pulumi up` in a TypeScript project's own folder, with nothing changed in it. */

on(referenceServer, (site) => {
  it.each(["autoloader", "per-user-pools", "existing-pool"])(
    "examples/%s/typescript is a project that the CLI can run",
    async (example) => {
      await site.world.ask("POST", "/work_pools/", { name: "local-pool", type: "process" });
      const folder = await mkdtemp(join(machine.project, "folder-"));
      const workDir = join(folder, "typescript");
      await cp(join(import.meta.dirname, "..", "..", "examples", example, "typescript"), workDir, { recursive: true });
      await symlink(join(machine.project, "node_modules"), join(workDir, "node_modules"));
      const env = {
        ...pulumiEnvironment({ home: join(folder, "home"), state: folder }),
        HOME: folder,
        // A vendor's installation has the provider for dynamic resources beside the CLI.
        PATH: `${join(machine.project, "node_modules", "@pulumi", "pulumi")}:${process.env.PATH}`,
      };
      const host = await NodeHost.start(env);
      try {
        const pulumi = async (...args: string[]): Promise<Ended> => {
          const ended = await runToEnd(join(machine.pulumi, "pulumi"), args, { cwd: workDir, env, output: "collect" });
          expect(ended.code, ended.stdout + ended.stderr).toBe(0);
          return ended;
        };
        const program = ["--client", host.address, "--stack", "dev"];
        await pulumi("stack", "init", "dev");
        await pulumi("config", "set", "prefect:apiUrl", site.world.url, "--stack", "dev");
        expect((await pulumi("up", "--yes", ...program)).stdout).toMatch(/\+ \d+ created/);
        await pulumi("preview", "--expect-no-changes", ...program);
        await pulumi("destroy", "--yes", "--stack", "dev");
      } finally {
        await host[Symbol.asyncDispose]();
        await rm(folder, { recursive: true, force: true });
        await site.world.ask("DELETE", "/work_pools/local-pool");
      }
    },
  );
});
