import { readdirSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { fromProject, machine } from "../harness/machine.ts";
import { on } from "../harness/on-every-server.ts";
import { referenceServer } from "../harness/world.ts";

/** The programs that the reference shows are valid as they stand: each is planned by the real CLI, in TypeScript without the
 *  plugin, in YAML with it. */

const examples = join(import.meta.dirname, "..", "..", "..", "examples", "reference");
const named = (ending: string) => readdirSync(examples).filter((file) => file.endsWith(ending));
const plugins = `plugins:\n  providers:\n    - name: prefect\n      path: ${join(machine.project, "node_modules", ".bin")}\n`;

on(referenceServer, (site) => {
  beforeAll(async () => {
    await site.world.ask("POST", "/work_pools/", { name: "shared", type: "process" });
  });

  /** The example with the API of this test in place of the one it names. */
  async function adapted(file: string): Promise<string> {
    const text = await readFile(join(examples, file), "utf8");
    return text.replace("https://prefect.staging.example.com/api", site.world.url);
  }

  it.each(named(".ts"))("%s", async (file) => {
    const stack = await site.bench.stack(file === "provider.ts" ? "native" : "dynamic", {
      "prefect:apiUrl": site.world.url,
    });
    const text = await adapted(file);
    const copy = join(stack.workDir, file);
    await writeFile(copy, text);
    stack.program = () => void fromProject(copy);
    const { changes } = await stack.preview();
    expect(Object.keys(changes)).toEqual(["create"]);
  });

  it.each(named(".yaml"))("%s", async (file) => {
    const stack = await site.bench.stack("yaml", { "prefect:apiUrl": site.world.url });
    const folder = join(stack.workDir, "example");
    await mkdir(folder);
    await writeFile(
      join(folder, "Pulumi.yaml"),
      (await adapted(file)).replace("name: example", "name: test") + plugins,
    );
    await copyFile(join(stack.workDir, "Pulumi.test.yaml"), join(folder, "Pulumi.test.yaml"));
    const { code, stdout, stderr } = await stack.cli("preview", "--cwd", folder);
    expect(code, stdout + stderr).toBe(0);
  });
});
