import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { pulumiEnvironment } from "../../../tools/pulumi-environment.ts";
import { type Ended, runToEnd } from "../../../tools/run.ts";
import { type Declaration, declareInNode, inYaml, type NodeDoor } from "./declaration.ts";
import { fromProject, machine } from "./machine.ts";

export type Door = NodeDoor | "yaml";
export const doors: readonly Door[] = ["dynamic", "native", "yaml"];

/** One home for the Pulumi CLI, and stacks with a project and a state each. */
export class Workbench implements AsyncDisposable {
  readonly folder: string;
  /** What every command of this bench gets besides. */
  readonly env: Record<string, string>;
  #stacks = 0;

  private constructor(folder: string) {
    this.folder = folder;
    this.env = { HOME: folder, PATH: process.env.PATH ?? "" };
  }

  /** Inside the user's project, so that modules resolve as they do there. */
  static async open(): Promise<Workbench> {
    return new Workbench(await mkdtemp(join(machine.project, "bench-")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A new stack with its own project folder. `config` as in Pulumi.<stack>.yaml. */
  async stack(door: Door, config: StackConfig, env: Record<string, string> = {}): Promise<TestStack> {
    const workDir = join(this.folder, `project-${this.#stacks++}`);
    const state = join(workDir, "state");
    await mkdir(state, { recursive: true });
    const offline = pulumiEnvironment({ home: join(this.folder, "home"), state });
    return TestStack.create({ door, config, workDir, env: { ...offline, ...this.env, ...env } });
  }
}

export type StackConfig = Record<string, string>;

interface StackOptions {
  door: Door;
  config: StackConfig;
  workDir: string;
  env: Record<string, string>;
}

/** Changes by kind of operation, without what stays the same. Empty: no changes. */
export type Changes = Partial<Record<Automation.OpType, number>>;

/** A stack whose program is data. Every method is one command of the real CLI. */
export class TestStack {
  static readonly #automation = () => {
    connectAnew();
    return fromProject<typeof Automation>("@pulumi/pulumi/automation");
  };
  readonly workDir: string;
  readonly env: Record<string, string>;
  /** The door can be changed between two commands. */
  door: Door;
  declarations: readonly Declaration[] = [];
  /** For the Node doors, instead of declarations: a program that they cannot say. */
  program: (() => unknown) | undefined;
  readonly #stack: Automation.Stack;

  private constructor(options: StackOptions, stack: Automation.Stack) {
    this.door = options.door;
    this.workDir = options.workDir;
    this.env = options.env;
    this.#stack = stack;
  }

  static async create(options: StackOptions): Promise<TestStack> {
    const { LocalWorkspace } = TestStack.#automation();
    const name = "test";
    let created: TestStack | undefined;
    const settings = projectSettings(options.door);
    const common: Automation.LocalWorkspaceOptions = {
      workDir: options.workDir,
      envVars: options.env,
      stackSettings: { [name]: { config: options.config } },
    };
    let stack: Automation.Stack;
    if (options.door === "yaml") {
      await writeFile(join(options.workDir, "Pulumi.yaml"), JSON.stringify({ ...settings, resources: {} }));
      stack = await LocalWorkspace.createStack({ stackName: name, workDir: options.workDir }, common);
    } else {
      const program = async (): Promise<undefined> => {
        if (created?.program !== undefined) await created.program();
        else if (created !== undefined) declareInNode(created.door as NodeDoor, created.declarations);
      };
      const inline = { stackName: name, projectName: settings.name, program };
      stack = await LocalWorkspace.createStack(inline, { ...common, projectSettings: settings });
    }
    // After every command the Automation API starts the CLI two more times, for answers that no test reads.
    stack.outputs = async () => ({});
    stack.info = async () => undefined;
    created = new TestStack(options, stack);
    return created;
  }

  async up(options: Automation.UpOptions = {}): Promise<string> {
    await this.#write();
    const { stdout, stderr } = await this.#stack.up({ color: "never", ...options });
    return stdout + stderr;
  }

  async preview(options: Automation.PreviewOptions = {}): Promise<{ text: string; changes: Changes }> {
    await this.#write();
    const { stdout, stderr, changeSummary } = await this.#stack.preview({ color: "never", ...options });
    const { same: _same, ...changes } = changeSummary;
    return { text: stdout + stderr, changes };
  }

  /** `pulumi preview --expect-no-changes`. Throws: the CLI's error, with its output, when there is a change. */
  async expectNoChanges(options: { refresh?: boolean } = {}): Promise<void> {
    await this.preview({ expectNoChanges: true, diff: true, ...options });
  }

  async refresh(options: Automation.RefreshOptions = {}): Promise<string> {
    const { stdout, stderr } = await this.#stack.refresh({ color: "never", ...options });
    return stdout + stderr;
  }

  async destroy(options: Automation.DestroyOptions = {}): Promise<string> {
    const { stdout, stderr } = await this.#stack.destroy({ color: "never", ...options });
    return stdout + stderr;
  }

  /** Kept encrypted in Pulumi.<stack>.yaml. */
  setSecret(key: string, value: string): Promise<void> {
    return this.#stack.setConfig(key, { value, secret: true });
  }

  /** As `pulumi stack export` gives it: secrets stay encrypted (the Automation API's own method would show them). */
  async exportState(): Promise<Automation.Deployment> {
    const { code, stdout, stderr } = await this.cli("stack", "export");
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Automation.Deployment;
  }

  importState(state: Automation.Deployment): Promise<void> {
    return this.#stack.importStack(state);
  }

  /** The resources of the state that are ours, by their name in the program. */
  async resources(): Promise<Record<string, StateResource>> {
    const { deployment } = await this.exportState();
    const all = (deployment as { resources?: StateResource[] }).resources ?? [];
    const own = all.filter(({ type }) => /prefect:/.test(type) && !type.startsWith("pulumi:"));
    return Object.fromEntries(
      own.map((resource) => [resource.urn.slice(resource.urn.lastIndexOf("::") + 2), resource]),
    );
  }

  /** Runs the CLI itself in the project's folder, for what the Automation API has no method. */
  async cli(...args: string[]): Promise<Ended> {
    await this.#write();
    const all = [...args, "--stack", "test", "--color", "never"];
    return runToEnd(join(machine.pulumi, "pulumi"), all, { cwd: this.workDir, env: this.env, output: "collect" });
  }

  /** `pulumi import --file`. It asks for the project's language host even when it writes no code, and only YAML's is at hand. */
  async importFile(resources: readonly object[]): Promise<Ended> {
    const file = join(this.workDir, "import.json");
    const project = join(this.workDir, "Pulumi.yaml");
    await writeFile(file, JSON.stringify({ resources }));
    const settings = await readFile(project, "utf8");
    await writeFile(project, JSON.stringify(projectSettings("yaml")));
    const ended = await this.cli("import", "--file", file, "--yes", "--generate-code=false", "--protect=false");
    await writeFile(project, settings);
    return ended;
  }

  /** Everything that the CLI keeps on disk for this stack, as one text. */
  async filesOnDisk(): Promise<string> {
    const files = (await readdir(join(this.workDir, "state"), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")))).join("\n");
  }

  async #write(): Promise<void> {
    if (this.door !== "yaml") return;
    const program = { ...projectSettings("yaml"), resources: inYaml(this.declarations) };
    await writeFile(join(this.workDir, "Pulumi.yaml"), JSON.stringify(program, null, 2));
  }
}

/** The SDK leaves a program's connections to the engine open when the command has ended, and gRPC shares what it knows of an address
 *  among all connections to it: an engine that gets the port of a dead one would be taken for dead, too ("No connection established.
 *  Last error: null"). A process of hundreds of commands meets that. */
function connectAnew(): void {
  const { grpcClientOptions } = fromProject<{ grpcClientOptions: Record<string, unknown> }>(
    "@pulumi/pulumi/runtime/settings",
  );
  grpcClientOptions["grpc.use_local_subchannel_pool"] = 1;
}

export interface StateResource {
  urn: string;
  type: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
}

function projectSettings(door: Door): Automation.ProjectSettings & { name: string } {
  const modules = join(machine.project, "node_modules");
  const providers = [
    { name: "prefect", path: join(modules, ".bin") },
    { name: "pulumi-nodejs", path: join(modules, "@pulumi", "pulumi") },
  ];
  const runtime = door === "yaml" ? "yaml" : "nodejs";
  return {
    name: "test",
    runtime,
    plugins: { providers },
    ...(door === "yaml" ? {} : { main: machine.project }),
  } as Automation.ProjectSettings & { name: string };
}
