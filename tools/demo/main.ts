import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { buildEnvironment, clearEnvironment, ordinaryEnvironment } from "../environment.ts";
import { PrefectHttp } from "../prefect-http.ts";
import { pulumiCli } from "../pulumi-cli.ts";
import { pulumiEnvironment } from "../pulumi-environment.ts";
import { RecordingProxy } from "../recording-proxy.ts";
import { startReferenceServer } from "../reference-server.ts";
import { run } from "../run.ts";
import { type Scope, untilStopped } from "../until-stopped.ts";
import { installUserProject } from "../user-project.ts";
import { AutoloaderProgram } from "./autoloader-program.ts";
import { Narrator } from "./narrator.ts";

import { runStory, type Scene } from "./story.ts";

const help = `npm run demo -- [--api URL] [--mode dynamic|native]

  --api URL   run against a Prefect that is running already, instead of a reference server made for the occasion.
              Credentials come from PREFECT_API_KEY or PREFECT_API_AUTH_STRING.
  --mode      dynamic (default): prefect-iac, without a plugin; native: prefect-iac/native, with the plugin.
`;

const root = join(import.meta.dirname, "..", "..");
const { values: options } = parseArgs({
  options: { api: { type: "string" }, mode: { type: "string", default: "dynamic" }, help: { type: "boolean" } },
});

if (options.help) console.log(help);
else process.exit(await untilStopped(demo));

async function demo({ defer, stopped }: Scope): Promise<number> {
  const start = Date.now();
  const narrator = new Narrator();
  const folder = await mkdtemp(join(tmpdir(), "prefect-iac-demo-"));
  defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const scene = await prepare(narrator, folder, defer);
  try {
    await runStory(scene);
  } catch (error) {
    if (options.api !== undefined) await deleteObjects(scene);
    if (stopped.aborted) {
      narrator.say("\nStopped.");
      return Number(stopped.reason);
    }
    narrator.check(
      `the story ran to its end (it stopped with: ${error instanceof Error ? error.message : String(error)})`,
      false,
    );
  }
  const held = narrator.summary();
  narrator.say(
    `\nThat took ${Math.round((Date.now() - start) / 1000)} s. Nothing of it is left on this machine but the Pulumi CLI.`,
  );
  return held ? 0 : 1;
}

async function prepare(narrator: Narrator, folder: string, defer: Scope["defer"]): Promise<Scene> {
  const mode = options.mode === "native" ? "native" : "dynamic";
  const project = join(folder, "project");
  const cli = await pulumiCli({ yaml: false, log: (line) => narrator.say(line) });
  narrator.say(`Pulumi CLI ${cli.version}: ${cli.source}`);
  const build = [join(root, "tools", "build.ts")];
  await narrator.during(
    "Building the package",
    run(process.execPath, build, { cwd: root, env: buildEnvironment(), output: "collect" }),
  );
  await narrator.during("Packing it, and installing it into a project of its own", installUserProject(project));

  const credentials = { ...process.env };
  clearEnvironment();
  process.env.PATH = [cli.folder, dirname(process.execPath), process.env.PATH].join(delimiter);
  // The provider may need the credentials for `--api`, but must not see the profiles of this machine.
  const home = join(folder, "home");
  await mkdir(home);
  process.env.HOME = home;
  for (const name of options.api === undefined ? [] : ["PREFECT_API_KEY", "PREFECT_API_AUTH_STRING"]) {
    if (credentials[name] !== undefined) process.env[name] = credentials[name];
  }
  const target = options.api ?? (await ownServer(project, folder, defer));
  narrator.say(options.api === undefined ? `Reference server: ${target}` : `Prefect: ${target}`);
  const api = new PrefectHttp(target, {
    apiKey: process.env.PREFECT_API_KEY,
    authString: process.env.PREFECT_API_AUTH_STRING,
  });
  const proxy = await RecordingProxy.start(target);
  defer(() => proxy[Symbol.asyncDispose]());
  const prefix = options.api === undefined ? "autoloader" : `autoloader-demo-${randomBytes(2).toString("hex")}`;
  const program = new AutoloaderProgram(project, mode);
  return { narrator, program, api, proxy, prefix, stackOf: await stacks({ folder, project, url: proxy.url, prefix }) };
}

async function ownServer(project: string, folder: string, defer: Scope["defer"]): Promise<string> {
  const server = await startReferenceServer({ project, db: join(folder, "prefect.db"), env: ordinaryEnvironment() });
  defer(() => server[Symbol.asyncDispose]());
  return server.url;
}

/** One stack on the local backend, for every edition of the program. */
async function stacks(place: {
  folder: string;
  project: string;
  url: string;
  prefix: string;
}): Promise<Scene["stackOf"]> {
  const { folder, project, url, prefix } = place;
  const automation = createRequire(join(project, "program.cjs"))("@pulumi/pulumi/automation") as typeof Automation;
  const state = join(folder, "state");
  const workDir = join(project, "stack");
  await Promise.all([mkdir(state), mkdir(workDir)]);
  const envVars = { ...pulumiEnvironment({ home: join(folder, "pulumi"), state }) };
  delete envVars.NO_COLOR;
  const modules = join(project, "node_modules");
  const projectSettings = {
    name: "autoloader",
    runtime: "nodejs",
    main: project,
    plugins: {
      providers: [
        { name: "prefect", path: join(modules, ".bin") },
        { name: "pulumi-nodejs", path: join(modules, "@pulumi", "pulumi") },
      ],
    },
  } as Automation.ProjectSettings;
  const config = {
    "prefect:apiUrl": url,
    "autoloader:prefix": prefix,
    "autoloader:processRuns": "15",
    "autoloader:objectStoreReads": "40",
    "autoloader:image": "ghcr.io/example/autoloader-worker:2.4.1",
  };
  return (program) =>
    automation.LocalWorkspace.createOrSelectStack(
      { stackName: "demo", projectName: "autoloader", program },
      { workDir, envVars, projectSettings, stackSettings: { demo: { config } } },
    );
}

/** Deletes the objects of a demo that stopped early on the user's own server. */
async function deleteObjects({ api, prefix, narrator }: Scene): Promise<void> {
  narrator.say(`Removing what is left of ${prefix}-* …`);
  for (const pool of ["process-pool", "k8s-pool"]) await api.request("DELETE", `/work_pools/${prefix}-${pool}`);
  await api.request("DELETE", `/concurrency_limits/tag/${prefix}-object-store`);
}
