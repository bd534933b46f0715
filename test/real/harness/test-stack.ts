import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { type ExitResult, runToEnd } from "../../../tools/run.ts";
import { type Declaration, declareInNode, type NodeMode, toYaml } from "./declaration.ts";
import { requireFromProject, setup } from "./setup.ts";

/** How a program reaches the provider: Node with the dynamic provider, Node with the plugin, YAML with the plugin. */
export type Mode = NodeMode | "yaml";
export const modes: readonly Mode[] = ["dynamic", "native", "yaml"];

export type StackConfig = Record<string, string>;

interface StackOptions {
  mode: Mode;
  config: StackConfig;
  workDir: string;
  env: Record<string, string>;
}

/** Number of changes by operation, without "same". Empty: no changes. */
export type Changes = Partial<Record<Automation.OpType, number>>;

/** A stack whose program is data. Every method is one command of the real CLI. */
export class TestStack {
  static #pulumiCommand: Promise<Automation.PulumiCommand> | undefined;
  readonly workDir: string;
  readonly env: Record<string, string>;
  /** May be changed between two commands. */
  mode: Mode;
  declarations: readonly Declaration[] = [];
  /** In the Node modes, instead of declarations: a program that cannot be written as data. */
  program: (() => unknown) | undefined;
  readonly #stack: Automation.Stack;

  private constructor(options: StackOptions, stack: Automation.Stack) {
    this.mode = options.mode;
    this.workDir = options.workDir;
    this.env = options.env;
    this.#stack = stack;
  }

  static async create(options: StackOptions): Promise<TestStack> {
    useSeparateConnections();
    const { LocalWorkspace, PulumiCommand } = requireFromProject<typeof Automation>("@pulumi/pulumi/automation");
    // Otherwise each stack would ask the CLI for its version.
    TestStack.#pulumiCommand ??= PulumiCommand.get();
    const name = "test";
    let created: TestStack | undefined;
    const settings = projectSettings(options.mode);
    const common: Automation.LocalWorkspaceOptions = {
      workDir: options.workDir,
      envVars: options.env,
      pulumiCommand: await TestStack.#pulumiCommand,
      stackSettings: { [name]: { config: options.config } },
    };
    let stack: Automation.Stack;
    if (options.mode === "yaml") {
      await writeFile(join(options.workDir, "Pulumi.yaml"), JSON.stringify({ ...settings, resources: {} }));
      stack = await LocalWorkspace.createStack({ stackName: name, workDir: options.workDir }, common);
    } else {
      const program = async (): Promise<undefined> => {
        if (created?.program !== undefined) await created.program();
        else if (created !== undefined) declareInNode(created.mode as NodeMode, created.declarations);
      };
      const inline = { stackName: name, projectName: settings.name, program };
      stack = await LocalWorkspace.createStack(inline, { ...common, projectSettings: settings });
    }
    // After every command the Automation API runs the CLI twice more, for results that no test reads.
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

  /** The output of `pulumi stack export`: secrets stay encrypted (the Automation API's own method would show them). */
  async exportState(): Promise<Automation.Deployment> {
    const { code, stdout, stderr } = await this.cli("stack", "export");
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Automation.Deployment;
  }

  importState(state: Automation.Deployment): Promise<void> {
    return this.#stack.importStack(state);
  }

  /** The Prefect resources of the state, by their name in the program. */
  async resources(): Promise<Record<string, StateResource>> {
    const { deployment } = await this.exportState();
    const all = (deployment as { resources?: StateResource[] }).resources ?? [];
    const own = all.filter(({ type }) => /prefect:/.test(type) && !type.startsWith("pulumi:"));
    return Object.fromEntries(
      own.map((resource) => [resource.urn.slice(resource.urn.lastIndexOf("::") + 2), resource]),
    );
  }

  /** Runs the CLI in the project's folder, for commands that the Automation API lacks. */
  async cli(...args: string[]): Promise<ExitResult> {
    await this.#write();
    const all = [...args, "--stack", "test", "--color", "never"];
    return runToEnd(join(setup.pulumi, "pulumi"), all, { cwd: this.workDir, env: this.env, output: "collect" });
  }

  /** `pulumi import --file`. It needs the project's language host even when it generates no code, and only YAML's is available. */
  async importFile(resources: readonly object[]): Promise<ExitResult> {
    const file = join(this.workDir, "import.json");
    const project = join(this.workDir, "Pulumi.yaml");
    await writeFile(file, JSON.stringify({ resources }));
    const settings = await readFile(project, "utf8");
    await writeFile(project, JSON.stringify(projectSettings("yaml")));
    const ended = await this.cli("import", "--file", file, "--yes", "--generate-code=false", "--protect=false");
    await writeFile(project, settings);
    return ended;
  }

  /** All files that the CLI keeps for this stack, as one text. */
  async filesOnDisk(): Promise<string> {
    const files = (await readdir(join(this.workDir, "state"), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")))).join("\n");
  }

  async #write(): Promise<void> {
    if (this.mode !== "yaml") return;
    const program = { ...projectSettings("yaml"), resources: toYaml(this.declarations) };
    await writeFile(join(this.workDir, "Pulumi.yaml"), JSON.stringify(program, null, 2));
  }
}

/** The SDK leaves a program's connections to Pulumi's engine open after the command, and gRPC shares subchannels by address: a new
 *  engine on the port of an old one would count as dead ("No connection established. Last error: null"). That happens in a process that
 *  runs hundreds of commands. */
function useSeparateConnections(): void {
  const { grpcClientOptions } = requireFromProject<{ grpcClientOptions: Record<string, unknown> }>(
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

function projectSettings(mode: Mode): Automation.ProjectSettings & { name: string } {
  const modules = join(setup.project, "node_modules");
  const providers = [
    { name: "prefect", path: join(modules, ".bin") },
    { name: "pulumi-nodejs", path: join(modules, "@pulumi", "pulumi") },
  ];
  const runtime = mode === "yaml" ? "yaml" : "nodejs";
  return {
    name: "test",
    runtime,
    plugins: { providers },
    ...(mode === "yaml" ? {} : { main: setup.project }),
  } as Automation.ProjectSettings & { name: string };
}
