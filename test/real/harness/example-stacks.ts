import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Automation from "@pulumi/pulumi/automation/index.js";
import { pulumiEnvironment } from "../../../tools/pulumi-environment.ts";
import { requireFromProject, setup } from "./setup.ts";
import type { Mode } from "./test-stack.ts";

export const examples = ["autoloader", "per-user-pools", "existing-pool"] as const;
export type Example = (typeof examples)[number];

/** One home folder for the Pulumi CLI, and stacks of the unchanged example folders in it. */
export class ExampleStacks implements AsyncDisposable {
  readonly #home: string;

  private constructor(home: string) {
    this.#home = home;
  }

  /** Inside the user's project, so that modules resolve as they do there. */
  static async create(): Promise<ExampleStacks> {
    return new ExampleStacks(await mkdtemp(join(setup.project, "examples-")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }

  /** A copy of the example with a stack `dev`, which has the example's configuration and this URL. */
  async stack(example: Example, mode: Mode, url: string): Promise<Automation.Stack> {
    const language = mode === "yaml" ? "yaml" : "typescript";
    const workDir = await mkdtemp(join(this.#home, `${example}-`));
    const source = join(import.meta.dirname, "..", "..", "..", "examples", example, language);
    await cp(source, workDir, { recursive: true });
    await symlink(join(setup.project, "node_modules"), join(workDir, "node_modules"));
    if (mode === "native") {
      const program = join(workDir, "index.ts");
      const text = await readFile(program, "utf8");
      await writeFile(program, text.replace('from "prefect-iac"', 'from "prefect-iac/native"'));
    }
    const state = await mkdtemp(join(this.#home, "state-"));
    const offline = pulumiEnvironment({ home: this.#home, state });
    const envVars = { ...offline, HOME: this.#home, PATH: process.env.PATH ?? "" };
    const { LocalWorkspace } = requireFromProject<typeof Automation>("@pulumi/pulumi/automation");
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

/** Loaded by Node, as in a user's project, and not by the test runner. */
function programIn(workDir: string): Automation.PulumiFn {
  const load = createRequire(join(workDir, "index.ts"));
  return (load("./index.ts") as { default: Automation.PulumiFn }).default;
}

function inlineSettings(name: string): Automation.ProjectSettings {
  const modules = join(setup.project, "node_modules");
  return {
    name,
    runtime: "nodejs",
    main: setup.project,
    plugins: {
      providers: [
        { name: "prefect", path: join(modules, ".bin") },
        { name: "pulumi-nodejs", path: join(modules, "@pulumi", "pulumi") },
      ],
    },
  } as Automation.ProjectSettings;
}
