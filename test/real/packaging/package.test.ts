import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pulumiEnvironment } from "../../../tools/pulumi-environment.ts";
import { runToEnd } from "../../../tools/run.ts";
import { describeOnServer } from "../harness/describe-servers.ts";
import { referenceServer } from "../harness/servers.ts";
import { setup } from "../harness/setup.ts";

/** The installed package in CommonJS, ESM and TypeScript programs. */

const automation = (mode: string, stack: string) => `
const settings = {
  name: "formats", runtime: "nodejs", main: ${JSON.stringify(setup.project)},
  plugins: { providers: [
    { name: "prefect", path: ${JSON.stringify(join(setup.project, "node_modules", ".bin"))} },
    { name: "pulumi-nodejs", path: ${JSON.stringify(join(setup.project, "node_modules", "@pulumi", "pulumi"))} },
  ] },
};
async function main() {
  const program = async () => {
    const pool = new prefect.WorkPool("${stack}", { type: "process", concurrencyLimit: 5 });
    const { queues } = prefect.getWorkQueuesOutput({ workPool: pool.name });
    return { pool: pool.name, first: queues.apply((list) => list[0]?.name), mode: "${mode}" };
  };
  const stack = await LocalWorkspace.createStack(
    { stackName: "${stack}", projectName: "formats", program },
    { workDir: process.argv[2], projectSettings: settings as never },
  );
  const { outputs } = await stack.up();
  await stack.preview({ expectNoChanges: true });
  await stack.destroy();
  console.log(JSON.stringify(Object.fromEntries(Object.entries(outputs).map(([key, output]) => [key, output.value]))));
}
void main();
`;
const plain = (code: string) => code.replace(" as never", "");

/** File name -> program. Node runs TypeScript by itself. */
const required = (name: string) =>
  `const prefect = require("${name}");\nconst { LocalWorkspace } = require("@pulumi/pulumi/automation");\n`;
const imported = (name: string) =>
  `import * as prefect from "${name}";\nimport { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";\n`;
const programs: Readonly<Record<string, string>> = {
  "dynamic.cjs": required("prefect-iac") + plain(automation("dynamic", "dynamic-cjs")),
  "dynamic.mjs": imported("prefect-iac") + plain(automation("dynamic", "dynamic-mjs")),
  "dynamic.mts": imported("prefect-iac") + automation("dynamic", "dynamic-mts"),
  "native.cjs": required("prefect-iac/native") + plain(automation("native", "native-cjs")),
  "native.mjs": imported("prefect-iac/native") + plain(automation("native", "native-mjs")),
};

describeOnServer(referenceServer, (context) => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(setup.project, "formats-"));
    for (const [file, program] of Object.entries(programs)) await writeFile(join(folder, file), program);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(Object.keys(programs))("%s applies, shows no changes and is destroyed", async (file) => {
    const work = await mkdtemp(join(folder, "work-"));
    const env = {
      ...pulumiEnvironment({ home: work, state: work }),
      HOME: work,
      PATH: process.env.PATH ?? "",
      PREFECT_API_URL: context.server.url,
    };
    const { code, stdout, stderr } = await runToEnd(process.execPath, [join(folder, file), work], {
      cwd: folder,
      env,
      output: "collect",
    });
    expect(code, stdout + stderr).toBe(0);
    const [mode, format] = file.split(".");
    expect(JSON.parse(stdout)).toEqual({ pool: `${mode}-${format}`, first: "default", mode });
  });
});
