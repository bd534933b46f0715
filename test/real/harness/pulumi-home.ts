import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pulumiEnvironment } from "../../../tools/pulumi-environment.ts";
import { setup } from "./setup.ts";
import { type Mode, type StackConfig, TestStack } from "./test-stack.ts";

/** One home folder for the Pulumi CLI, and stacks with a project and a state each. */
export class PulumiHome implements AsyncDisposable {
  readonly #folder: string;
  readonly #env: Record<string, string>;
  #stacks = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#env = { HOME: folder, PATH: process.env.PATH ?? "" };
  }

  /** Inside the user's project, so that modules resolve as they do there. */
  static async create(): Promise<PulumiHome> {
    return new PulumiHome(await mkdtemp(join(setup.project, "pulumi-")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A new stack with its own project folder. `config` as in Pulumi.<stack>.yaml. */
  async stack(mode: Mode, config: StackConfig, env: Record<string, string> = {}): Promise<TestStack> {
    const workDir = join(this.#folder, `project-${this.#stacks++}`);
    const state = join(workDir, "state");
    await mkdir(state, { recursive: true });
    const offline = pulumiEnvironment({ home: join(this.#folder, "home"), state });
    return TestStack.create({ mode, config, workDir, env: { ...offline, ...this.#env, ...env } });
  }
}
