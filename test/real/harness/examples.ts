import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { pulumiEnvironment } from "../../../tools/pulumi-environment.ts";
import { fromProject, machine } from "./machine.ts";

export const examples = ["autoloader", "per-user-pools", "existing-pool"] as const;
export type Example = (typeof examples)[number];
export const flavours = ["typescript", "typescript on the plugin", "yaml"] as const;
export type Flavour = (typeof flavours)[number];

/** One home for the Pulumi CLI, and stacks of the example folders in it, as they are. */
export class ExampleBench implements AsyncDisposable {
  readonly #home: string;

  private constructor(home: string) {
    this.#home = home;
  }

  /** Inside the user's project, so that modules resolve as they do there. */
  static async open(): Promise<ExampleBench> {
    return new ExampleBench(await mkdtemp(join(machine.project, "examples-")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }

  /** A copy of the example with a stack named `dev`, on the example's own configuration but for the URL. */
  async stack(example: Example, flavour: Flavour, url: string): Promise<Automation.Stack> {
    const language = flavour === "yaml" ? "yaml" : "typescript";
    const workDir = await mkdtemp(join(this.#home, `${example}-`));
    const source = join(import.meta.dirname, "..", "..", "..", "examples", example, language);
    await cp(source, workDir, { recursive: true });
    await symlink(join(machine.project, "node_modules"), join(workDir, "node_modules"));
    if (flavour === "typescript on the plugin") {
      const program = join(workDir, "index.ts");
      const text = await readFile(program, "utf8");
      await writeFile(program, text.replace('from "prefect-iac"', 'from "prefect-iac/native"'));
    }
    const state = await mkdtemp(join(this.#home, "state-"));
    const offline = pulumiEnvironment({ home: this.#home, state });
    const envVars = { ...offline, HOME: this.#home, PATH: process.env.PATH ?? "" };
    const { LocalWorkspace } = fromProject<typeof Automation>("@pulumi/pulumi/automation");
    const stack =
      language === "yaml"
        ? await LocalWorkspace.createStack({ stackName: "dev", workDir }, { envVars })
        : await LocalWorkspace.createStack(
            { stackName: "dev", projectName: example, program: programIn(workDir) },
            { workDir, envVars, projectSettings: inlineSettings(example) },
          );
    await stack.setConfig("prefect:apiUrl", { value: url });
    return stack;
  }
}

/** By Node's own loader, as a user's run does it, and not by the test runner's. */
function programIn(workDir: string): Automation.PulumiFn {
  const load = createRequire(join(workDir, "index.ts"));
  return (load("./index.ts") as { default: Automation.PulumiFn }).default;
}

function inlineSettings(name: string): Automation.ProjectSettings {
  const modules = join(machine.project, "node_modules");
  return {
    name,
    runtime: "nodejs",
    main: machine.project,
    plugins: {
      providers: [
        { name: "prefect", path: join(modules, ".bin") },
        { name: "pulumi-nodejs", path: join(modules, "@pulumi", "pulumi") },
      ],
    },
  } as Automation.ProjectSettings;
}
