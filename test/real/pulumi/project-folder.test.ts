import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pulumiEnvironment } from "../../../tools/pulumi-environment.ts";
import { type ExitResult, runToEnd } from "../../../tools/run.ts";
import { describeOnServer } from "../harness/describe-servers.ts";
import { NodeLanguageHost } from "../harness/node-language-host.ts";
import { referenceServer } from "../harness/servers.ts";
import { setup } from "../harness/setup.ts";

/** `pulumi up` in the unchanged folder of a TypeScript project. */

describeOnServer(referenceServer, (context) => {
  it.each(["autoloader", "per-user-pools", "existing-pool"])(
    "examples/%s/typescript is a project that the CLI can run",
    async (example) => {
      await context.server.request("POST", "/work_pools/", { name: "local-pool", type: "process" });
      const folder = await mkdtemp(join(setup.project, "folder-"));
      const workDir = join(folder, "typescript");
      await cp(join(import.meta.dirname, "..", "..", "..", "examples", example, "typescript"), workDir, {
        recursive: true,
      });
      await symlink(join(setup.project, "node_modules"), join(workDir, "node_modules"));
      const env = {
        ...pulumiEnvironment({ home: join(folder, "home"), state: folder }),
        HOME: folder,
        // Pulumi's own installation has the provider for dynamic resources beside the CLI.
        PATH: `${join(setup.project, "node_modules", "@pulumi", "pulumi")}:${process.env.PATH}`,
      };
      const host = await NodeLanguageHost.start(env);
      try {
        const pulumi = async (...args: string[]): Promise<ExitResult> => {
          const ended = await runToEnd(join(setup.pulumi, "pulumi"), args, { cwd: workDir, env, output: "collect" });
          expect(ended.code, ended.stdout + ended.stderr).toBe(0);
          return ended;
        };
        const program = ["--client", host.address, "--stack", "dev"];
        await pulumi("stack", "init", "dev");
        await pulumi("config", "set", "prefect:apiUrl", context.server.url, "--stack", "dev");
        expect((await pulumi("up", "--yes", ...program)).stdout).toMatch(/\+ \d+ created/);
        await pulumi("preview", "--expect-no-changes", ...program);
        await pulumi("destroy", "--yes", "--stack", "dev");
      } finally {
        await host[Symbol.asyncDispose]();
        await rm(folder, { recursive: true, force: true });
        await context.server.request("DELETE", "/work_pools/local-pool");
      }
    },
  );
});
