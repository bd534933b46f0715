import { readdirSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { describeOnServer } from "../harness/describe-servers.ts";
import { referenceServer } from "../harness/servers.ts";
import { requireFromProject, setup } from "../harness/setup.ts";

/** The programs of the reference are valid: the real CLI previews each, in TypeScript with the dynamic provider, in YAML with the
 *  plugin. */

const examples = join(import.meta.dirname, "..", "..", "..", "examples", "reference");
const withEnding = (ending: string) => readdirSync(examples).filter((file) => file.endsWith(ending));
const plugins = `plugins:\n  providers:\n    - name: prefect\n      path: ${join(setup.project, "node_modules", ".bin")}\n`;

describeOnServer(referenceServer, (context) => {
  beforeAll(async () => {
    await context.server.request("POST", "/work_pools/", { name: "shared", type: "process" });
  });

  /** The example with the URL of this test. */
  async function adapted(file: string): Promise<string> {
    const text = await readFile(join(examples, file), "utf8");
    return text.replace("https://prefect.staging.example.com/api", context.server.url);
  }

  it.each(withEnding(".ts"))("%s", async (file) => {
    const stack = await context.pulumi.stack(file === "provider.ts" ? "native" : "dynamic", {
      "prefect:apiUrl": context.server.url,
    });
    const text = await adapted(file);
    const copy = join(stack.workDir, file);
    await writeFile(copy, text);
    stack.program = () => void requireFromProject(copy);
    const { changes } = await stack.preview();
    expect(Object.keys(changes)).toEqual(["create"]);
  });

  it.each(withEnding(".yaml"))("%s", async (file) => {
    const stack = await context.pulumi.stack("yaml", { "prefect:apiUrl": context.server.url });
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
